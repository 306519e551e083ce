//! Proof: what was decided cannot be changed afterwards without being noticed, and anyone can make a
//! decision again.
//!
//! Decisions belong to dispatch epochs. Draws are seeded with the hash of the epoch in force, which
//! derives from the root over the records of the epoch before; so no draw of an epoch could be foreseen
//! before that one ended, and no record can be changed later without changing all that follows.
//!
//! | module | holds |
//! | --- | --- |
//! | [`tree`] | leaves, and a tree that grows by one leaf at a time |
//! | [`epoch`] | what is signed of a closed epoch, the chain of hashes |
//! | `book` | the epoch that is open |
//! | [`inclusion`] | that a record is one of an epoch's |
//! | [`recompute`], [`reroute`] | a placement or a route, decided again from its record |
//!
//! What a verifier computes again, and from what:
//!
//! - From a record alone: its name, the order in which the listed candidates were drawn, who of them wins
//!   and who comes second, that rejected ones have no score, and that the counts of rejects fit the list.
//! - From the record, its proof and the dispatcher's key: that it is one of the epoch's records, how many
//!   there are of each kind, and that the epoch follows from the one before.
//! - From the log ([`crate::replay`]): everything else, because the log is the snapshot of every moment.
//!   Fed up to a decision's input it gives the offers, facts, health and promises that the scores and
//!   rejects were computed from, and that nobody else came before the candidates in the draw.

pub(crate) mod book;
pub mod epoch;
pub mod inclusion;
pub mod recompute;
pub mod reroute;
pub mod tree;

pub use epoch::{Anchor, EpochClosed, Tree};
pub use inclusion::Inclusion;
pub use recompute::{Difference, Recomputed, recompute};
pub use reroute::RouteDifference;
pub use tree::{Frontier, Kind, leaf};
