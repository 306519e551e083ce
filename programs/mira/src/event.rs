//! One event per state change, emitted through `emit_cpi!` so that log truncation cannot lose it.
//!
//! Every event carries `schema`, the `(key, seq)` of each aggregate it changes, the actor, and the
//! amounts before and after, so that a projection never needs another read. `seq` is the number of
//! the event within its aggregate, from 1, without a gap.
//!
//! Amounts are base units: stake amounts of the stake mint, all others of the payment mint. Times
//! are unix seconds of the chain's clock.

use anchor_lang::prelude::*;

/// The version of the layouts below.
pub const SCHEMA: u8 = 1;

/// `initialize` created the network.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInitialized {
    pub schema: u8,
    pub config: Pubkey,
    pub config_seq: u64,
    pub admin: Pubkey,
    pub stake_mint: Pubkey,
    pub payment_mint: Pubkey,
    pub cluster_id: [u8; 32],
    /// `core::params::Profile` as u8.
    pub profile: u8,
    pub fee_bps: u16,
    pub min_stake: u64,
    pub stake_per_million: u64,
    pub unbonding_secs: u32,
    pub max_lease_secs: u32,
    pub max_job_secs: u32,
    pub grace_secs: u32,
    pub dispute_window_secs: u32,
    pub job_id_window_secs: u32,
}

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

/// `register_provider` created a provider.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRegistered {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub owner: Pubkey,
    pub operator: Pubkey,
    pub payout: Pubkey,
    pub commission_bps: u16,
    /// Zero-padded ASCII, `core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `core::label::Label`.
    pub region: [u8; 16],
    pub metadata_hash: [u8; 32],
    pub registered_at: i64,
}

/// `stake` added stake to a provider's pool.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeAdded {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub amount: u64,
    pub shares: u128,
    pub total_stake_before: u64,
    pub total_stake_after: u64,
    pub total_shares_after: u128,
    pub position_shares_after: u128,
    pub own_shares_after: u128,
}

/// `request_unstake` moved active shares into an unbonding ticket.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub shares: u128,
    pub unlock_ts: i64,
    pub unbonding_shares_before: u128,
    pub unbonding_shares_after: u128,
    /// The position's active shares left, tickets excluded.
    pub position_shares_after: u128,
    pub own_shares_after: u128,
}

/// `withdraw_stake` burned a matured ticket and paid its value.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeWithdrawn {
    pub schema: u8,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub staker: Pubkey,
    pub shares: u128,
    pub amount: u64,
    pub total_stake_before: u64,
    pub total_stake_after: u64,
    pub total_shares_after: u128,
    pub unbonding_shares_after: u128,
    pub unlock_ts: i64,
}

/// `create_job` created a job and its empty vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCreated {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub requester: Pubkey,
    pub job_id: u64,
    pub voucher_signer: Pubkey,
    pub dispatcher: Option<Pubkey>,
    pub spec_hash: [u8; 32],
    pub tier: u8,
    pub unit_kind: u8,
    pub max_unit_price: u64,
    pub min_provider_stake: u64,
    pub max_share_bps: u16,
    pub max_leases: u16,
    pub created_at: i64,
    pub deadline: i64,
}

/// `fund_job` moved payment into the job's vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFunded {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub funder: Pubkey,
    pub amount: u64,
    pub funded_before: u64,
    pub funded_after: u64,
}

/// `open_lease` reserved escrow of a job and stake of a provider.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseOpened {
    pub schema: u8,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub job: Pubkey,
    pub job_seq: u64,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub operator: Pubkey,
    /// The job's dispatcher or its requester, whoever signed.
    pub matcher: Pubkey,
    pub voucher_signer: Pubkey,
    pub nonce: u32,
    pub unit_price: u64,
    pub fee_bps: u16,
    pub cap: u64,
    pub exposure: u64,
    pub opened_at: i64,
    pub expires_at: i64,
    pub settle_until: i64,
    pub dispute_until: i64,
    pub rent_payer: Pubkey,
    pub job_committed_before: u64,
    pub job_committed_after: u64,
    pub provider_exposure_before: u64,
    pub provider_exposure_after: u64,
}

/// `settle` paid a voucher: `gross = fee + net`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseSettled {
    pub schema: u8,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub job: Pubkey,
    pub job_seq: u64,
    pub fee_shard: Pubkey,
    pub fee_shard_seq: u64,
    pub submitter: Pubkey,
    pub payout: Pubkey,
    pub gross: u64,
    pub fee: u64,
    pub settled_before: u64,
    pub settled_after: u64,
    pub units_before: u64,
    pub units_after: u64,
    pub job_paid_before: u64,
    pub job_paid_after: u64,
    pub job_committed_before: u64,
    pub job_committed_after: u64,
    pub fee_collected_before: u64,
    pub fee_collected_after: u64,
}

/// `close_lease` brought a lease's deadlines forward.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseClosed {
    pub schema: u8,
    pub lease: Pubkey,
    pub lease_seq: u64,
    /// The provider's operator or owner, or the requester.
    pub actor: Pubkey,
    pub settle_until_before: i64,
    pub settle_until_after: i64,
    pub dispute_until_after: i64,
}

/// `release_lease` returned what was not settled to the job.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseReleased {
    pub schema: u8,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub job: Pubkey,
    pub job_seq: u64,
    pub actor: Pubkey,
    pub returned: u64,
    pub settle_until: i64,
    pub dispute_until: i64,
    pub job_committed_before: u64,
    pub job_committed_after: u64,
    pub job_open_leases_after: u16,
}

/// `end_lease` freed the provider's exposure and closed the account.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseEnded {
    pub schema: u8,
    pub lease: Pubkey,
    pub lease_seq: u64,
    pub provider: Pubkey,
    pub provider_seq: u64,
    pub actor: Pubkey,
    pub rent_payer: Pubkey,
    pub exposure: u64,
    pub provider_exposure_before: u64,
    pub provider_exposure_after: u64,
    pub provider_open_leases_after: u32,
}

/// `begin_close_job` stopped new leases.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobClosing {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub actor: Pubkey,
    pub closing_at: i64,
}

/// `close_job` returned the remainder and closed the job and its vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobClosed {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub actor: Pubkey,
    /// What the books owed the requester.
    pub refunded: u64,
    /// What others had sent to the vault and went along.
    pub foreign: u64,
    pub funded: u64,
    pub paid: u64,
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
