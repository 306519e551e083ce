//! The network: its parameters and who governs it.

use mira_core::Key;
use mira_core::params::{Params, Profile};

use super::super::Ordinal;
use crate::row::row;

row! {
    /// The network: one row per configuration account, so one.
    pub struct NetworkRow in "network" keyed 1 {
        /// Address of the configuration account.
        pub config: Key,
        /// Who may change parameters.
        pub admin: Key,
        /// Becomes the admin when it accepts.
        pub pending_admin: Option<Key>,
        /// May pause, and cancel a pending epoch.
        pub guardian: Key,
        /// The mint of stake.
        pub stake_mint: Key,
        /// The mint of payment.
        pub payment_mint: Key,
        /// The genesis hash.
        pub cluster_id: Key,
        /// Public, or Local which permits seconds.
        pub profile: Profile,
        /// Whether nothing new may begin.
        pub paused: bool,
        /// What everything new is made with.
        pub params: Params,
        /// How often the verifiers changed.
        pub verifier_set: u32,
        /// Who judges contested disputes.
        pub verifiers: Vec<Key>,
        /// Who approves reward epochs.
        pub reward_authorities: Vec<Key>,
        /// The number of the last event.
        pub seq: u64,
        /// The place of the last event.
        pub ord: Ordinal,
    }
}
