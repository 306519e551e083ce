//! Jobs.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, UnitPrice};
use mira_core::tier::{Tier, UnitKind};

use super::super::{JobState, Ordinal};
use crate::row::row;

row! {
    /// A job and its escrow. Stays after the account is closed.
    pub struct JobRow in "job" keyed 1 {
        /// Address of the job account.
        pub job: Key,
        /// Who pays and gets the refund.
        pub requester: Key,
        /// The requester's number for it; its upper 40 bits are unix seconds.
        pub job_id: u64,
        /// The hot key that signs vouchers.
        pub voucher_signer: Key,
        /// Who else may match leases.
        pub dispatcher: Option<Key>,
        /// Hash of the specification.
        pub spec_hash: [u8; 32],
        /// How sensitive it is to latency.
        pub tier: Tier,
        /// What is metered.
        pub unit_kind: UnitKind,
        /// The highest price of a lease.
        pub max_unit_price: UnitPrice,
        /// All that was paid in.
        pub funded: Payment,
        /// Reserved by unreleased leases and not settled.
        pub committed: Payment,
        /// Settled, fees included.
        pub paid: Payment,
        /// Returned to the requester.
        pub refunded: Payment,
        /// What strangers had sent to the vault and went along at closing.
        pub foreign_amount: Payment,
        /// The least stake of a provider.
        pub min_provider_stake: Stake,
        /// The largest part of the funding that one lease may reserve.
        pub max_share: Bps,
        /// The most leases at a time.
        pub max_leases: u16,
        /// Leases not released.
        pub open_leases: u16,
        /// Leases ever opened.
        pub leases_total: u32,
        /// Unix seconds.
        pub created_at: i64,
        /// Unix seconds.
        pub deadline: i64,
        /// Unix second before which it cannot close.
        pub young_until: i64,
        /// Unix second from which anyone may close it even while it is open.
        pub due_at: i64,
        /// Unix seconds of the start of closing.
        pub closing_at: Option<i64>,
        /// Open, closing or closed.
        pub status: JobState,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
