//! Fees, epochs and rewards.

use crate::state::Epoch;
use anchor_lang::prelude::*;

/// `init_fee_shard` created one of the sixteen fee shards.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeShardInitialized {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The fee shard.
    pub fee_shard: Pubkey,
    /// The number of this event among those of the fee shard, from 1.
    pub fee_shard_seq: u64,
    /// Who paid the rent, and signed.
    pub payer: Pubkey,
    /// Its number, 0 to 15.
    pub shard: u8,
}

/// `sweep_fees` moved one shard's fees to the reward vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeesSwept {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The fee shard.
    pub fee_shard: Pubkey,
    /// The number of this event among those of the fee shard, from 1.
    pub fee_shard_seq: u64,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// Payment base units.
    pub amount: u64,
    /// All payment base units swept from the shard before.
    pub fee_swept_before: u64,
    /// The same after.
    pub fee_swept_after: u64,
    /// All payment base units swept from all shards before.
    pub rewards_swept_before: u64,
    /// The same after.
    pub rewards_swept_after: u64,
}

/// `approve_epoch` recorded an authority's approval.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochApproved {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// The authority.
    pub actor: Pubkey,
    /// What it approved.
    pub epoch: Epoch,
    /// `core::epoch::Epoch::digest` of that.
    pub digest: [u8; 32],
    /// How many authorities approve this digest now.
    pub approvals: u8,
    /// Whether this made a strict majority.
    pub pending: bool,
    /// The reward share that binds the epoch, of 10,000; 0 unless pending.
    pub share_bps: u16,
    /// Unix second from which anyone may finalize it; 0 unless pending.
    pub final_from: i64,
    /// Unix second from which anyone may cancel it; 0 unless pending.
    pub stale_from: i64,
}

/// `cancel_epoch` dropped the pending epoch and all approvals.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochCancelled {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// The guardian, or whoever cranked.
    pub actor: Pubkey,
    /// The index of the epoch that was dropped.
    pub index: u64,
    /// `core::epoch::Epoch::digest` of it.
    pub digest: [u8; 32],
}

/// `finalize_epoch` made the pending epoch the one that claims are made against.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochFinalized {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// What is final now.
    pub epoch: Epoch,
    /// Unix second of this, from which the next epoch's time counts.
    pub last_at: i64,
    /// Payment base units of all fees that the epochs counted before.
    pub fees_before: u64,
    /// Payment base units of all rewards of the epochs before.
    pub total_before: u64,
    /// Payment base units that went to the treasury.
    pub to_treasury: u64,
    /// All payment base units that had gone there before.
    pub to_treasury_before: u64,
    /// The same after.
    pub to_treasury_after: u64,
}

/// `claim_reward` claimed for a provider: `amount = owner_amount + shared_amount`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardClaimed {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// The provider's payout account.
    pub payout: Pubkey,
    /// The index of the epoch that it was claimed against.
    pub epoch: u64,
    /// Payment base units.
    pub amount: u64,
    /// Of these, paid to the payout account.
    pub owner_amount: u64,
    /// Of these, kept in the vault for all active shares.
    pub shared_amount: u64,
    /// All payment base units claimed for the provider before.
    pub provider_claimed_before: u64,
    /// The same after.
    pub provider_claimed_after: u64,
    /// What an active share had earned before: payment base units, Q64.64.
    pub reward_index_before: u128,
    /// The same after.
    pub reward_index_after: u128,
    /// All payment base units claimed for all providers before.
    pub rewards_claimed_before: u64,
    /// The same after.
    pub rewards_claimed_after: u64,
    /// Of these, all that has left the vault.
    pub rewards_paid_out_after: u64,
}

/// `claim_delegation_reward` paid what a position had earned.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationRewardClaimed {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The reward vault's books.
    pub rewards: Pubkey,
    /// The number of this event among those of the reward vault's books, from 1.
    pub rewards_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// Whose position it is.
    pub staker: Pubkey,
    /// Payment base units.
    pub amount: u64,
    /// What an active share has earned since the registration: payment base units, Q64.64.
    pub reward_index: u128,
    /// All payment base units of rewards that had left the vault before.
    pub rewards_paid_out_before: u64,
    /// The same after.
    pub rewards_paid_out_after: u64,
    /// Whether the position is closed.
    pub closed: bool,
}
