//! Providers.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake};
use mira_core::reward::RewardIndex;

use super::super::{Ordinal, ProviderStatus};
use crate::row::row;

row! {
    /// A provider and its stake pool. Never deleted.
    pub struct ProviderRow in "provider" keyed 1 {
        /// Address of the provider account.
        pub provider: Key,
        /// The cold key.
        pub owner: Key,
        /// The hot key: accepts leases, signs usage and requests.
        pub operator: Key,
        /// The payment account that settlements pay.
        pub payout: Key,
        /// Its standing.
        pub status: ProviderStatus,
        /// Unix second from which it may come back, if it was ever jailed.
        pub jailed_until: i64,
        /// Stake in the pool, unbonding included.
        pub total_stake: Stake,
        /// Shares of the pool, unbonding included.
        pub total_shares: Shares,
        /// Shares in tickets.
        pub unbonding_shares: Shares,
        /// Active shares of the owner's own position.
        pub own_shares: Shares,
        /// Stake behind leases that have not ended.
        pub exposure: Stake,
        /// The owner's part of rewards, until `next_commission_from`.
        pub commission: Bps,
        /// The part that was announced; the same while none is.
        pub next_commission: Bps,
        /// Unix second from which it holds; 0 while none is announced.
        pub next_commission_from: i64,
        /// What an active share has earned since the registration.
        pub reward_index: RewardIndex,
        /// All rewards ever claimed for it.
        pub claimed: Payment,
        /// Leases that have not ended.
        pub open_leases: u32,
        /// What it offers; zero-padded ASCII, `mira_core::label`.
        pub resource_class: [u8; 16],
        /// Where; zero-padded ASCII, `mira_core::label`.
        pub region: [u8; 16],
        /// Hash of its off-chain description.
        pub metadata_hash: [u8; 32],
        /// Unix seconds.
        pub registered_at: i64,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
