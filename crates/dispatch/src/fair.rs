//! Fairness: whose shard goes out next, and which of a requester's jobs is the most urgent.
//!
//! Across requesters: start-time fair queueing (Goyal, Vin, Cheng 1996), the form for many servers
//! (Jin, Chase, Kaur 2004). Each requester has a finish tag; a shard starts at the tag and moves it
//! by its slot time over the requester's weight; the least tag goes first. Inside one requester: the
//! least slack first. Gangs have a clock of their own: they hold slots, they do not pull.
//!
//! What follows, for requesters that want work from the same providers all the time, with weights
//! `w`, at most `c` milliseconds a shard and `D` shards at a time:
//!
//! - two of them differ in slot time over weight by at most `(D + 1) × (c / w + c / w)`;
//! - one that comes waits for no queue: its `n`-th shard starts after at most
//!   `⌊(n − 1) × (w_other × c_own) / (w_own × c_other)⌋ + 2` shards of each other requester, because the
//!   tags of all others are not before the clock when it comes, and go before it only while not after it;
//! - one that was idle starts where the clock stands: it saved nothing up.
//!
//! Weights differ by at most `RANGE`, so each of `k` requesters gets at least `1 / (1 + RANGE × (k − 1))`.
//!
//! | module | holds |
//! | --- | --- |
//! | [`clock`] | virtual time and tags |
//! | [`weight`] | escrow → weight |
//! | [`durations`] | how long shards take: quantiles of few integers |
//! | `lines` | whose leases a provider has |
//! | `order` | all that applied to the engine's jobs |
//! | [`views`] | what others may see of it |

pub mod clock;
pub mod durations;
pub mod views;
pub mod weight;

pub(crate) mod lines;
pub(crate) mod order;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::fair::clock::Clock;
use crate::fair::lines::Lines;
use crate::fair::weight::Weights;

/// Who is served how much: virtual time of shards and of gangs, the weights of both, and who waits.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Fair {
    pub(crate) weights: Weights,
    pub(crate) shards: Clock,
    pub(crate) gangs: Clock,
    pub(crate) lines: Lines,
    /// Jobs that wait for a candidate: those with a shortage.
    pub(crate) waiting: BTreeSet<Key>,
}
