//! Disputes.

use mira_core::amount::{Bps, Stake};
use mira_core::dispute::DisputeKind;
use mira_core::{Hash, Key};

use super::super::{DisputeStatus, Ordinal};
use crate::row::row;

row! {
    /// A challenge of a lease. Stays after the account is closed.
    pub struct DisputeRow in "dispute" keyed 1 {
        /// Address of the dispute account.
        pub dispute: Key,
        /// The lease that is challenged.
        pub lease: Key,
        /// The provider that is accused.
        pub provider: Key,
        /// Who paid the bond.
        pub challenger: Key,
        /// What is said to have gone wrong.
        pub kind: DisputeKind,
        /// How far it is, and how it ended.
        pub status: DisputeStatus,
        /// What the challenger put at stake.
        pub bond: Stake,
        /// Hash of what the challenger shows.
        pub evidence: Hash,
        /// Hash of the owner's answer; zero unless it contests.
        pub answer: Hash,
        /// Unix seconds of the challenge.
        pub opened_at: i64,
        /// The owner answers before this unix second.
        pub respond_until: i64,
        /// The verifiers vote before this unix second; 0 unless it is contested.
        pub vote_until: i64,
        /// From answer to that, as fixed at the challenge.
        pub vote_secs: u32,
        /// How long a lost dispute jails, as fixed at the challenge.
        pub jail_secs: u32,
        /// The largest part of the pool that it takes, as fixed at the challenge.
        pub max_slash: Bps,
        /// The set of verifiers that judges; 0 unless it is contested.
        pub verifier_set: u32,
        /// The verifiers that voted for the challenger, in the order of their votes.
        pub voters_for: Vec<Key>,
        /// Those that voted against.
        pub voters_against: Vec<Key>,
        /// Taken from the owner's own stake at the end.
        pub slashed_own: Stake,
        /// Taken from the whole pool after that.
        pub slashed_pool: Stake,
        /// Of both, what the requester got.
        pub compensation: Stake,
        /// Of both, what was burned: the rest.
        pub burned: Stake,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
