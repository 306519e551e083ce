//! Jobs.

use anchor_lang::prelude::*;

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
    pub young_until: i64,
    pub due_at: i64,
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

/// `extend_job` put the deadline off.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobExtended {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub actor: Pubkey,
    pub deadline_before: i64,
    pub deadline_after: i64,
    pub due_at_after: i64,
}

/// `update_job` named other keys for later leases.
#[event]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobUpdated {
    pub schema: u8,
    pub job: Pubkey,
    pub job_seq: u64,
    pub actor: Pubkey,
    pub voucher_signer_before: Pubkey,
    pub voucher_signer_after: Pubkey,
    pub dispatcher_before: Option<Pubkey>,
    pub dispatcher_after: Option<Pubkey>,
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
