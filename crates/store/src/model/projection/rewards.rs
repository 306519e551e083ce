//! The reward vault's books.

use mira_core::Key;
use mira_core::amount::Payment;

use super::super::Ordinal;
use crate::row::row;

row! {
    /// The reward state: one row.
    pub struct RewardsRow in "rewards" keyed 1 {
        /// Address of the reward account.
        pub rewards: Key,
        /// All fees ever moved in.
        pub swept: Payment,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
