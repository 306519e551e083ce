//! Fees, epochs and rewards.

use crate::state::Epoch;
use anchor_lang::prelude::*;

/// `init_fee_shard` created one of the sixteen fee shards.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeShardInitialized {
    pub schema: u8,
    pub fee_shard: Pubkey,
    pub fee_shard_seq: u64,
    pub payer: Pubkey,
    pub shard: u8,
}

/// `sweep_fees` moved one shard's fees to the reward vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeesSwept {
    pub schema: u8,
    pub fee_shard: Pubkey,
    pub fee_shard_seq: u64,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub amount: u64,
    pub fee_swept_before: u64,
    pub fee_swept_after: u64,
    pub rewards_swept_before: u64,
    pub rewards_swept_after: u64,
}

/// `approve_epoch` recorded an authority's approval.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochApproved {
    pub schema: u8,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub epoch: Epoch,
    pub digest: [u8; 32],
    /// How many authorities approve this digest now.
    pub approvals: u8,
    /// Whether this made a strict majority.
    pub pending: bool,
    /// 0 unless pending.
    pub final_from: i64,
    /// 0 unless pending.
    pub stale_from: i64,
}

/// `cancel_epoch` dropped the pending epoch and all approvals.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochCancelled {
    pub schema: u8,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub index: u64,
    pub digest: [u8; 32],
}

/// `finalize_epoch` made the pending epoch the one that claims are made against.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochFinalized {
    pub schema: u8,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub epoch: Epoch,
    pub fees_before: u64,
    pub total_before: u64,
    pub to_treasury: u64,
    pub to_treasury_before: u64,
    pub to_treasury_after: u64,
}

/// `claim_reward` claimed for a provider: `amount = owner_amount + shared_amount`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardClaimed {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub payout: Pubkey,
    pub epoch: u64,
    pub amount: u64,
    /// Paid to the payout account.
    pub owner_amount: u64,
    /// Kept in the vault for all active shares.
    pub shared_amount: u64,
    pub provider_claimed_before: u64,
    pub provider_claimed_after: u64,
    /// Q64.64.
    pub reward_index_before: u128,
    /// Q64.64.
    pub reward_index_after: u128,
    pub rewards_claimed_before: u64,
    pub rewards_claimed_after: u64,
    pub rewards_paid_out_after: u64,
}

/// `claim_delegation_reward` paid what a position had earned.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationRewardClaimed {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub rewards: Pubkey,
    pub rewards_seq: u64,
    pub actor: Pubkey,
    pub staker: Pubkey,
    pub amount: u64,
    /// Q64.64.
    pub reward_index: u128,
    pub rewards_paid_out_before: u64,
    pub rewards_paid_out_after: u64,
    /// Whether the position is closed.
    pub closed: bool,
}
