//! Leases.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};

use super::super::Ordinal;
use crate::row::row;

row! {
    /// A lease: a provider's promise backed by stake, a job's promise backed by escrow. Stays after
    /// the account is closed.
    pub struct LeaseRow in "lease" keyed 1 {
        /// Address of the lease account.
        pub lease: Key,
        /// The job.
        pub job: Key,
        /// The provider.
        pub provider: Key,
        /// Its number among the job's leases, from 0.
        pub nonce: u32,
        /// The job's requester.
        pub requester: Key,
        /// The key whose vouchers count.
        pub voucher_signer: Key,
        /// The provider's hot key at opening.
        pub operator: Key,
        /// Who matched: the job's dispatcher or its requester.
        pub matcher: Key,
        /// Price of 10^6 units.
        pub unit_price: UnitPrice,
        /// Fee on what is settled.
        pub fee: Bps,
        /// The most that can be settled.
        pub cap: Payment,
        /// The provider's stake behind it; nothing after a lost dispute.
        pub exposure: Stake,
        /// Stake per 10^6 of payment at the opening.
        pub stake_per_million: StakePerMillion,
        /// Settled so far, fees included.
        pub settled: Payment,
        /// Fees so far.
        pub fee_paid: Payment,
        /// The largest units that a settled voucher named.
        pub units: Units,
        /// What its release returned to the job.
        pub returned: Payment,
        /// Unix seconds.
        pub opened_at: i64,
        /// Unix seconds.
        pub expires_at: i64,
        /// From its end to the release of its escrow, as fixed at the opening.
        pub grace_secs: u32,
        /// From then to its own release, as fixed at the opening.
        pub dispute_window_secs: u32,
        /// Unix seconds; until then vouchers can be settled.
        pub settle_until: i64,
        /// Unix seconds; until then a dispute can be opened.
        pub dispute_until: i64,
        /// Whether a dispute is open.
        pub disputed: bool,
        /// Whether there ever was one.
        pub challenged: bool,
        /// What the challenger of the open dispute has paid into the stake vault.
        pub bond: Stake,
        /// Who gets the account's rent.
        pub rent_payer: Key,
        /// The unsettled rest went back to the job.
        pub released: bool,
        /// The exposure was freed and the account closed.
        pub ended: bool,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
