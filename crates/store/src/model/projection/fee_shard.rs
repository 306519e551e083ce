//! Fee shards.

use mira_core::Key;
use mira_core::amount::Payment;

use super::super::Ordinal;
use crate::row::row;

row! {
    /// One of the sixteen fee accounts.
    pub struct FeeShardRow in "fee_shard" keyed 1 {
        /// Address of the shard account.
        pub fee_shard: Key,
        /// Its index.
        pub shard: u8,
        /// All fees ever.
        pub collected: Payment,
        /// What was moved to the reward vault.
        pub swept: Payment,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
