//! Leases.

use anchor_lang::prelude::*;

/// `open_lease` reserved escrow of a job and stake of a provider.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseOpened {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// The provider.
    pub provider: Pubkey,
    /// The number of this event among those of the provider, from 1.
    pub provider_seq: u64,
    /// The provider's hot key, which signed.
    pub operator: Pubkey,
    /// The job's dispatcher or its requester, whoever signed.
    pub matcher: Pubkey,
    /// Whose vouchers pay.
    pub voucher_signer: Pubkey,
    /// How many leases the job had before.
    pub nonce: u32,
    /// Payment base units per 1,000,000 units.
    pub unit_price: u64,
    /// Share of every settlement that becomes a fee, of 10,000.
    pub fee_bps: u16,
    /// The most that it can ever pay, fees included: payment base units.
    pub cap: u64,
    /// Stake base units that it holds.
    pub exposure: u64,
    /// What makes a loss good: stake base units per 1,000,000 payment base units.
    pub stake_per_million: u64,
    /// Unix second of its opening.
    pub opened_at: i64,
    /// Unix second of its end.
    pub expires_at: i64,
    /// Unix second from which the escrow may be released.
    pub settle_until: i64,
    /// Unix second from which it may end, and no dispute opens any more.
    pub dispute_until: i64,
    /// Who gets its rent back.
    pub rent_payer: Pubkey,
    /// Payment base units that the job's unreleased leases may still be paid, before.
    pub job_committed_before: u64,
    /// The same after.
    pub job_committed_after: u64,
    /// Stake base units that the provider's leases held before.
    pub provider_exposure_before: u64,
    /// Stake base units that they hold after.
    pub provider_exposure_after: u64,
}

/// `settle` or `settle_direct` paid up to a running total: `gross = fee + net`.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseSettled {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// The fee shard.
    pub fee_shard: Pubkey,
    /// The number of this event among those of the fee shard, from 1.
    pub fee_shard_seq: u64,
    /// Who signed the transaction.
    pub submitter: Pubkey,
    /// The token account that was paid.
    pub payout: Pubkey,
    /// Payment base units that left the job's vault.
    pub gross: u64,
    /// Of these, to the fee shard; the rest to the payout account.
    pub fee: u64,
    /// Payment base units that it had paid before, fees included.
    pub settled_before: u64,
    /// The same after.
    pub settled_after: u64,
    /// The largest number of units that a paid voucher named before.
    pub units_before: u64,
    /// The same after.
    pub units_after: u64,
    /// Payment base units that all leases of the job were paid before.
    pub job_paid_before: u64,
    /// The same after.
    pub job_paid_after: u64,
    /// Payment base units that the job's unreleased leases may still be paid, before.
    pub job_committed_before: u64,
    /// The same after.
    pub job_committed_after: u64,
    /// Payment base units that the fee shard had ever collected before.
    pub fee_collected_before: u64,
    /// The same after.
    pub fee_collected_after: u64,
}

/// `close_lease` brought a lease's deadlines forward.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseClosed {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The provider's operator or owner, or the requester.
    pub actor: Pubkey,
    /// Unix second from which the escrow might have been released.
    pub settle_until_before: i64,
    /// Unix second from which it may be.
    pub settle_until_after: i64,
    /// Unix second from which it may end, and no dispute opens any more.
    pub dispute_until_after: i64,
}

/// `release_lease` returned what was not settled to the job.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseReleased {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The lease.
    pub lease: Pubkey,
    /// The number of this event among those of the lease, from 1.
    pub lease_seq: u64,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// Payment base units that went back to the job's free escrow.
    pub returned: u64,
    /// Unix second from which the escrow could be released.
    pub settle_until: i64,
    /// Unix second from which it may end, and no dispute opens any more.
    pub dispute_until: i64,
    /// Payment base units that the job's unreleased leases may still be paid, before.
    pub job_committed_before: u64,
    /// The same after.
    pub job_committed_after: u64,
    /// Leases of the job that are not released.
    pub job_open_leases_after: u16,
}

/// `end_lease` freed the provider's exposure and closed the account.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseEnded {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
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
    /// Who got its rent back.
    pub rent_payer: Pubkey,
    /// Stake base units that were freed.
    pub exposure: u64,
    /// Stake base units that the provider's leases held before.
    pub provider_exposure_before: u64,
    /// Stake base units that they hold after.
    pub provider_exposure_after: u64,
    /// Leases of the provider that have not ended.
    pub provider_open_leases_after: u32,
}
