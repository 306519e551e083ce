//! The network's parameters.

use mira_core::Key;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::Profile;

use super::super::Ordinal;
use crate::row::row;

row! {
    /// The network: one row per configuration account, so one.
    pub struct NetworkRow in "network" keyed 1 {
        /// Address of the configuration account.
        pub config: Key,
        /// Who may change parameters.
        pub admin: Key,
        /// The mint of stake.
        pub stake_mint: Key,
        /// The mint of payment.
        pub payment_mint: Key,
        /// The genesis hash.
        pub cluster_id: Key,
        /// Public, or Local which permits seconds.
        pub profile: Profile,
        /// Fee on what is settled.
        pub fee: Bps,
        /// The least own stake of a provider with leases.
        pub min_stake: Stake,
        /// Stake that a lease exposes, per 10^6 of its cap.
        pub stake_per_million: StakePerMillion,
        /// How long unstaked shares wait.
        pub unbonding_secs: u32,
        /// The longest lease.
        pub max_lease_secs: u32,
        /// The longest job.
        pub max_job_secs: u32,
        /// How long vouchers can be settled after a lease's end.
        pub grace_secs: u32,
        /// How long a dispute can be opened after that.
        pub dispute_window_secs: u32,
        /// How old a job's id may be.
        pub job_id_window_secs: u32,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
