//! The network and who governs it.

use crate::state::NetworkParams;
use anchor_lang::prelude::*;

/// `initialize` created the network.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInitialized {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    /// The admin, and the guardian until another is set.
    pub admin: Pubkey,
    pub stake_mint: Pubkey,
    pub payment_mint: Pubkey,
    pub cluster_id: [u8; 32],
    /// `core::params::Profile` as u8.
    pub profile: u8,
    pub params: NetworkParams,
}

/// `update_params` changed the parameters of everything to come.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamsUpdated {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub params_before: NetworkParams,
    pub params_after: NetworkParams,
}

/// `propose_admin` named the next admin, or took a proposal back.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminProposed {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub pending_before: Option<Pubkey>,
    pub pending_after: Option<Pubkey>,
}

/// `accept_admin` made the proposed admin the admin.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminAccepted {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub admin_before: Pubkey,
}

/// `set_guardian` named another guardian.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardianSet {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub guardian_before: Pubkey,
    pub guardian_after: Pubkey,
}

/// `set_pause` paused or resumed the network.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseSet {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub paused: bool,
}

/// `set_reward_authorities` replaced them, and dropped approvals and the pending epoch.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardAuthoritiesSet {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub authorities: Vec<Pubkey>,
    /// The index of the pending epoch that was dropped, if there was one.
    pub dropped_epoch: Option<u64>,
}

/// `set_verifiers` replaced them; votes under the old set count no more.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiersSet {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub actor: Pubkey,
    pub verifier_set: u32,
    pub verifiers: Vec<Pubkey>,
}

/// `withdraw_treasury` paid out of the treasury.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryWithdrawn {
    pub schema: u8,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub destination: Pubkey,
    pub amount: u64,
    pub withdrawn_before: u64,
    pub withdrawn_after: u64,
}
