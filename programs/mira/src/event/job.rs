//! Jobs.

use anchor_lang::prelude::*;

/// `create_job` created a job and its empty vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCreated {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// Who pays, and signed.
    pub requester: Pubkey,
    /// `job_id >> 24` is the unix second of its making; the low 24 bits are free.
    pub job_id: u64,
    /// The hot key that signs vouchers.
    pub voucher_signer: Pubkey,
    /// Who matches it with providers besides the requester.
    pub dispatcher: Option<Pubkey>,
    /// Hash of what is to be done.
    pub spec_hash: [u8; 32],
    /// `core::tier::Tier` as u8.
    pub tier: u8,
    /// `core::tier::UnitKind` as u8.
    pub unit_kind: u8,
    /// The most that a lease may charge: payment base units per 1,000,000 units.
    pub max_unit_price: u64,
    /// Active stake below which no provider serves it, stake base units.
    pub min_provider_stake: u64,
    /// The most of its funding that one lease may reserve, of 10,000.
    pub max_share_bps: u16,
    /// How many unreleased leases it may have.
    pub max_leases: u16,
    /// Unix second of its creation.
    pub created_at: i64,
    /// Unix second after which no lease may run.
    pub deadline: i64,
    /// Unix second before which it cannot be closed.
    pub young_until: i64,
    /// Unix second from which anyone may close it.
    pub due_at: i64,
}

/// `fund_job` moved payment into the job's vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFunded {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// Who paid, and signed.
    pub funder: Pubkey,
    /// Payment base units.
    pub amount: u64,
    /// All payment base units that it was funded with before.
    pub funded_before: u64,
    /// The same after.
    pub funded_after: u64,
}

/// `extend_job` put the deadline off.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobExtended {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// The requester.
    pub actor: Pubkey,
    /// The deadline before, unix seconds.
    pub deadline_before: i64,
    /// The deadline after, unix seconds.
    pub deadline_after: i64,
    /// Unix second from which anyone may close it.
    pub due_at_after: i64,
}

/// `update_job` named other keys for later leases.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobUpdated {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// The requester.
    pub actor: Pubkey,
    /// The voucher signer of leases so far.
    pub voucher_signer_before: Pubkey,
    /// The voucher signer of leases to come.
    pub voucher_signer_after: Pubkey,
    /// The dispatcher before.
    pub dispatcher_before: Option<Pubkey>,
    /// The dispatcher after.
    pub dispatcher_after: Option<Pubkey>,
}

/// `begin_close_job` stopped new leases.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobClosing {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// The requester.
    pub actor: Pubkey,
    /// Unix second at which it began to close.
    pub closing_at: i64,
}

/// `close_job` returned the remainder and closed the job and its vault.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobClosed {
    /// The version of this layout, `event::SCHEMA`.
    pub schema: u8,
    /// The job.
    pub job: Pubkey,
    /// The number of this event among those of the job, from 1.
    pub job_seq: u64,
    /// Who cranked.
    pub actor: Pubkey,
    /// Payment base units that the books owed the requester.
    pub refunded: u64,
    /// Payment base units that others had sent to the vault and that went along.
    pub foreign: u64,
    /// All payment base units that it was funded with.
    pub funded: u64,
    /// All payment base units that its leases were paid.
    pub paid: u64,
}
