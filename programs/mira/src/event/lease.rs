//! Leases.

use anchor_lang::prelude::*;

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
    pub stake_per_million: u64,
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

/// `settle` or `settle_direct` paid up to a running total: `gross = fee + net`.
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
