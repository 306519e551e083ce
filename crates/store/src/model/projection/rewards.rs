//! The books of the reward vault and the treasury.

use mira_core::amount::Payment;
use mira_core::{Hash, Key};

use super::super::Ordinal;
use crate::row::row;

row! {
    /// The reward state: one row.
    pub struct RewardsRow in "rewards" keyed 1 {
        /// Address of the reward account.
        pub rewards: Key,
        /// All fees ever moved in.
        pub swept: Payment,
        /// Rewards claimed for providers.
        pub claimed: Payment,
        /// Of these, what has left the vault.
        pub paid_out: Payment,
        /// What final epochs sent to the treasury.
        pub to_treasury: Payment,
        /// Of that, what the admin withdrew.
        pub withdrawn: Payment,
        /// The number of the last final epoch; 0 before the first.
        pub epoch: u64,
        /// The root that claims are proved against.
        pub root: Hash,
        /// All fees that the epochs so far count.
        pub cumulative_fees: Payment,
        /// All rewards of the epochs so far.
        pub cumulative_total: Payment,
        /// Hash of the last epoch's report.
        pub report_hash: Hash,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
