//! Reward epochs.

use mira_core::Hash;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Approval;

use super::super::{EpochStatus, Ordinal};
use crate::row::row;

row! {
    /// A reward epoch: what was approved last under its number, and what became of it.
    ///
    /// Its events are numbered by the reward vault's books, so its `seq` may leave numbers out.
    pub struct EpochRow in "epoch" keyed 1 {
        /// Its number: the first is 1.
        pub number: u64,
        /// How far it is.
        pub status: EpochStatus,
        /// The root of providers and their lifetime amounts, as the newest approval names it.
        pub root: Hash,
        /// All fees that the epochs up to this one count, by the same approval.
        pub cumulative_fees: Payment,
        /// All rewards of the epochs up to this one, by the same approval.
        pub cumulative_total: Payment,
        /// Hash of the report that anyone can recompute the root with, by the same approval.
        pub report_hash: Hash,
        /// What that approval signed: the hash of all of these.
        pub digest: Hash,
        /// Each authority's last approval, in the order in which they came; none once it was dropped.
        pub approvals: Vec<Approval>,
        /// The reward share that binds it; zero until a majority approves.
        pub share: Bps,
        /// Unix second from which anyone may finalize it; 0 until a majority approves.
        pub final_from: i64,
        /// Unix second from which anyone may cancel it; 0 until a majority approves.
        pub stale_from: i64,
        /// The fees of this epoch alone; zero until it is final.
        pub fees: Payment,
        /// Of these, what its rewards left to the treasury.
        pub to_treasury: Payment,
        /// Unix seconds of its finalization.
        pub finalized_at: Option<i64>,
        /// The number of the last event, counted by the reward vault's books.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
