//! Disputes.

use anchor_lang::prelude::*;

/// `open_dispute` challenged a lease with a bond.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeOpened {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The dispute.
    pub dispute: Pubkey,
    /// The number of this event among those of the dispute, from 1.
    pub dispute_seq: u64,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The provider.
    pub provider: Pubkey,
    /// The requester or the voucher signer, whoever signed.
    pub challenger: Pubkey,
    /// `core::dispute::DisputeKind` as u8.
    pub kind: u8,
    /// Stake base units, in the stake vault from now on.
    pub bond: u64,
    /// Hash of what the challenger shows.
    pub evidence: [u8; 32],
    /// Stake base units that the lease holds: the most that a lost dispute takes.
    pub exposure: u64,
    /// Unix second of the challenge.
    pub opened_at: i64,
    /// The owner answers before this unix second.
    pub respond_until: i64,
    /// From its answer to the last moment for a vote, seconds.
    pub vote_secs: u32,
    /// How long a provider that loses takes no lease, seconds.
    pub jail_secs: u32,
    /// The largest part of the pool that it takes, of 10,000.
    pub max_slash_bps: u16,
}

/// `respond_dispute`: the owner conceded or contested.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeAnswered {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The dispute.
    pub dispute: Pubkey,
    /// The number of this event among those of the dispute, from 1.
    pub dispute_seq: u64,
    /// The lease.
    pub lease: Pubkey,
    /// The provider's owner.
    pub actor: Pubkey,
    /// Whether the owner contested; else it conceded.
    pub contested: bool,
    /// Hash of the owner's answer; zero if it conceded.
    pub answer: [u8; 32],
    /// The verifiers vote before this unix second; 0 if it conceded.
    pub vote_until: i64,
    /// The set of verifiers that judges; 0 if it conceded.
    pub verifier_set: u32,
}

/// `vote_dispute` counted a verifier's vote.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeVoted {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The dispute.
    pub dispute: Pubkey,
    /// The number of this event among those of the dispute, from 1.
    pub dispute_seq: u64,
    /// The lease.
    pub lease: Pubkey,
    /// The verifier.
    pub actor: Pubkey,
    /// Whether it is with the challenger.
    pub uphold: bool,
    /// Votes for the challenger so far.
    pub votes_for: u8,
    /// Votes against so far.
    pub votes_against: u8,
}

/// `resolve_dispute` ended a dispute and closed its account. `slashed_own + slashed_pool = compensation + burned`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeResolved {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The dispute.
    pub dispute: Pubkey,
    /// The number of this event among those of the dispute, from 1.
    pub dispute_seq: u64,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// `core::dispute::Verdict` as u8.
    pub verdict: u8,
    /// Stake base units of the challenger's bond.
    pub bond: u64,
    /// Whose the bond is: the challenger's, or the provider's owner's if the challenge was rejected.
    pub bond_to: Pubkey,
    /// Stake base units taken from the owner's own active stake.
    pub slashed_own: u64,
    /// Stake base units taken from the whole pool after that.
    pub slashed_pool: u64,
    /// The owner's shares that were burned.
    pub burned_shares: u128,
    /// Stake base units to the requester.
    pub compensation: u64,
    /// Stake base units burned.
    pub burned: u64,
    /// Stake base units of the whole pool before.
    pub total_stake_before: u64,
    /// Stake base units of the whole pool after.
    pub total_stake_after: u64,
    /// All shares of the pool, those in tickets included.
    pub total_shares_after: u128,
    /// The owner's active shares, those in tickets excluded.
    pub own_shares_after: u128,
    /// Where the owner's position stands in the pool's rewards, Q64.64; 0 if it has none.
    pub reward_index: u128,
    /// Payment base units that it has earned and not been paid; 0 if it has none.
    pub owner_owed_after: u64,
    /// Stake base units that the provider's leases held before.
    pub provider_exposure_before: u64,
    /// Stake base units that they hold after.
    pub provider_exposure_after: u64,
    /// `core::provider::ProviderStatus` as u8.
    pub status: u8,
    /// Unix second from which a jailed provider may come back.
    pub jailed_until: i64,
}
