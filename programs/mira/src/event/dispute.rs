//! Disputes.

use anchor_lang::prelude::*;

/// `open_dispute` challenged a lease with a bond.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeOpened {
    pub schema: u8,
    pub dispute: Pubkey,
    pub dispute_seq: u64,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub provider: Pubkey,
    /// The requester or the voucher signer.
    pub challenger: Pubkey,
    /// `core::dispute::DisputeKind` as u8.
    pub kind: u8,
    pub bond: u64,
    pub evidence: [u8; 32],
    pub exposure: u64,
    pub opened_at: i64,
    pub respond_until: i64,
}

/// `respond_dispute`: the owner conceded or contested.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeAnswered {
    pub schema: u8,
    pub dispute: Pubkey,
    pub dispute_seq: u64,
    pub lease: Pubkey,
    pub actor: Pubkey,
    pub contested: bool,
    /// Zero if conceded.
    pub answer: [u8; 32],
    /// 0 if conceded.
    pub vote_until: i64,
    pub verifier_set: u32,
}

/// `vote_dispute` counted a verifier's vote.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeVoted {
    pub schema: u8,
    pub dispute: Pubkey,
    pub dispute_seq: u64,
    pub lease: Pubkey,
    pub actor: Pubkey,
    pub uphold: bool,
    pub votes_for: u8,
    pub votes_against: u8,
}

/// `resolve_dispute` ended a dispute and closed its account. `slashed_own + slashed_pool = compensation + burned`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeResolved {
    pub schema: u8,
    pub dispute: Pubkey,
    pub dispute_seq: u64,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub actor: Pubkey,
    /// `core::dispute::Verdict` as u8.
    pub verdict: u8,
    pub bond: u64,
    /// The challenger, or the provider's owner if the challenge was rejected.
    pub bond_to: Pubkey,
    /// Taken from the owner's own active stake.
    pub slashed_own: u64,
    /// Taken from the whole pool after that.
    pub slashed_pool: u64,
    /// The owner's shares that were burned.
    pub burned_shares: u128,
    /// To the requester.
    pub compensation: u64,
    pub burned: u64,
    pub total_stake_before: u64,
    pub total_stake_after: u64,
    pub total_shares_after: u128,
    pub own_shares_after: u128,
    /// Where the owner's position stands in the pool's rewards, Q64.64; this and `owner_owed_after` are 0
    /// if it has none.
    pub reward_index: u128,
    pub owner_owed_after: u64,
    pub provider_exposure_before: u64,
    pub provider_exposure_after: u64,
    pub status: u8,
    pub jailed_until: i64,
}
