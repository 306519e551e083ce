//! The dispatch engine's wiring: the pure engine of `mira_dispatch`, fed by handlers and the index, its
//! inputs recorded, its decisions carried out.
//!
//! One task owns the engine. It takes what has come in, steps the engine through all of it, writes the
//! inputs and records in one transaction, and only then answers and hands work out; so the state is
//! always what a replay of the record gives, and a start is such a replay, from the newest snapshot on. Of several dispatchers on one
//! database one writes the record, the others follow it (`docs/decisions/0014-standby-dispatchers.md`). Requests of
//! interactive jobs may be answered before they are written, where the operator says so (`docs/decisions/0017-routes-over-http.md`).
//!
//! | module | does |
//! | --- | --- |
//! | [`handle`], [`settings`], [`error`] | how a dispatcher is started and called, what can go wrong |
//! | [`calls`] | one call per file, with its types |
//! | `actor` | the task that owns the engine: batches, the log, waiting pulls, standing by |
//! | [`standing`] | whether it works or stands by for another |
//! | `sync` | finalized rows of the index as inputs |
//! | `facts` | rows as the engine's facts |
//! | `verdicts` | what audits showed, as the engine's inputs |
//! | `offering` | proposals as transactions that the dispatcher has signed |
//! | `snapshot` | the engine as it is kept in the store |
//! | [`verify`] | the log decided again and held against what was published |
//! | [`meter`] | how long coordination takes |
//!
//! Deliberately absent: any way to move money. The dispatcher's key matches; it never pays.

mod actor;
pub mod calls;
pub mod error;
mod facts;
pub mod handle;
pub mod meter;
mod offering;
pub mod settings;
mod snapshot;
pub mod standing;
mod sync;
mod verdicts;
pub mod verify;

pub use calls::decision::{Decision, Route};
pub use calls::heartbeat::{Beat, Heartbeat, LeaseOffer};
pub use calls::offer::Offer;
pub use calls::overview::Overview;
pub use calls::place::{Place, Placement, Proposed, Spec, SpecShard};
pub use calls::proof::{DecisionId, Proof};
pub use calls::pull::{Assignment, Pull};
pub use calls::quote::{QuoteReply, QuoteRequest};
pub use calls::result::{Fault, Outcome, ShardResult, Verdict};
pub use calls::route::{Leg, LegEnd, RouteAsk, RouteDone, RouteTarget, Routed};
pub use calls::shards::{LeaseDue, ShardRow, Shards};
pub use calls::why::Why;
pub use error::Error;
pub use handle::{Handle, start};
pub use meter::Latency;
pub use mira_dispatch::effect::RejectReason;
pub use settings::{Keep, Settings};
pub use standing::Standing;
pub use verify::{Verified, verify_log};

#[cfg(test)]
mod tests;
