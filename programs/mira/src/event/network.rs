//! The network and who governs it.

use crate::state::NetworkParams;
use anchor_lang::prelude::*;

/// `initialize` created the network.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInitialized {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin, and the guardian until another is set.
    pub admin: Pubkey,
    /// The network's own token.
    pub stake_mint: Pubkey,
    /// What requesters pay in.
    pub payment_mint: Pubkey,
    /// The genesis hash of the cluster.
    pub cluster_id: [u8; 32],
    /// `core::params::Profile` as u8.
    pub profile: u8,
    /// The first parameters.
    pub params: NetworkParams,
    /// The reward vault's books, made here; their own events are numbered from the next on.
    pub rewards: Pubkey,
    /// Unix second from which the first epoch's time counts.
    pub rewards_last_at: i64,
}

/// `update_params` changed the parameters of everything to come.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamsUpdated {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// The parameters before.
    pub params_before: NetworkParams,
    /// The parameters after.
    pub params_after: NetworkParams,
}

/// `propose_admin` named the next admin, or took a proposal back.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminProposed {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// Who was proposed before.
    pub pending_before: Option<Pubkey>,
    /// Who is proposed now.
    pub pending_after: Option<Pubkey>,
}

/// `accept_admin` made the proposed admin the admin.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminAccepted {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin from now on.
    pub actor: Pubkey,
    /// The admin until now.
    pub admin_before: Pubkey,
}

/// `set_guardian` named another guardian.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardianSet {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// The guardian until now.
    pub guardian_before: Pubkey,
    /// The guardian from now on.
    pub guardian_after: Pubkey,
}

/// `set_pause` paused or resumed the network.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseSet {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The guardian or the admin.
    pub actor: Pubkey,
    /// Whether nothing new may begin.
    pub paused: bool,
}

/// `set_reward_authorities` replaced them, and dropped approvals and the pending epoch.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardAuthoritiesSet {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// The authorities from now on.
    pub authorities: Vec<Pubkey>,
    /// The index of the pending epoch that was dropped, if there was one.
    pub dropped_epoch: Option<u64>,
}

/// `set_verifiers` replaced them; votes under the old set count no more.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiersSet {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The network.
    pub config: Pubkey,
    /// The number of this event among those of the network, from 1.
    pub config_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// How often the verifiers have changed.
    pub verifier_set: u32,
    /// The verifiers from now on.
    pub verifiers: Vec<Pubkey>,
}

/// `withdraw_treasury` paid out of the treasury.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryWithdrawn {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// The admin.
    pub actor: Pubkey,
    /// The token account that was paid.
    pub destination: Pubkey,
    /// Payment base units.
    pub amount: u64,
    /// All payment base units withdrawn before.
    pub withdrawn_before: u64,
    /// The same after.
    pub withdrawn_after: u64,
}
