//! A job: what its requester asked for, and its escrow's books.

use super::{checked, next_seq, stored_bps};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, Stake, UnitPrice};
use mira_core::job::{self, JobStatus};
use mira_core::tier::{Tier, UnitKind};

/// A job, at `["job", requester, job_id]`; it is also the authority of its vault. Amounts are
/// payment base units.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Job {
    /// Owns the escrow.
    pub requester: Pubkey,
    /// `job_id >> 24` is the unix second of its making.
    pub job_id: u64,
    /// The hot key whose vouchers pay; copied into each lease at its opening.
    pub voucher_signer: Pubkey,
    /// Who may match besides the requester, if anyone.
    pub dispatcher: Option<Pubkey>,
    /// Hash of the job's specification.
    pub spec_hash: [u8; 32],
    /// `mira_core::tier::Tier` as u8.
    pub tier: u8,
    /// `mira_core::tier::UnitKind` as u8.
    pub unit_kind: u8,
    /// Payment base units per 1,000,000 units of the dearest lease it takes.
    pub max_unit_price: u64,
    /// All that was ever funded.
    pub funded: u64,
    /// Reserved by unreleased leases and not settled.
    pub committed: u64,
    /// All that was ever settled, fees included.
    pub paid: u64,
    /// All that was returned.
    pub refunded: u64,
    /// The least active stake of a provider it trusts, in stake base units.
    pub min_provider_stake: u64,
    /// The largest part of `funded` that one lease may reserve, of 10,000.
    pub max_share_bps: u16,
    /// How many leases may be unreleased at once.
    pub max_leases: u16,
    /// How many leases are unreleased.
    pub open_leases: u16,
    /// How many leases there ever were: the next lease's nonce.
    pub leases_total: u32,
    /// Unix second of its creation.
    pub created_at: i64,
    /// Unix second after which nothing runs.
    pub deadline: i64,
    /// Unix second before which it cannot close, so that its id cannot return.
    pub young_until: i64,
    /// Unix second from which anyone may close it even while it is open.
    pub due_at: i64,
    /// Unix second at which it began to close, 0 while it is open.
    pub closing_at: i64,
    /// `mira_core::job::JobStatus` as u8.
    pub status: u8,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of its vault.
    pub vault_bump: u8,
}

impl Job {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> Result<job::Job> {
        Ok(job::Job {
            requester: self.requester.to_bytes(),
            voucher_signer: self.voucher_signer.to_bytes(),
            dispatcher: self.dispatcher.map(|key| key.to_bytes()),
            tier: checked(Tier::try_from(self.tier))?,
            unit_kind: checked(UnitKind::try_from(self.unit_kind))?,
            max_unit_price: UnitPrice::new(self.max_unit_price),
            funded: Payment::new(self.funded),
            committed: Payment::new(self.committed),
            paid: Payment::new(self.paid),
            refunded: Payment::new(self.refunded),
            min_provider_stake: Stake::new(self.min_provider_stake),
            max_share: stored_bps(self.max_share_bps)?,
            max_leases: self.max_leases,
            open_leases: self.open_leases,
            leases_total: self.leases_total,
            created_at: self.created_at,
            deadline: self.deadline,
            young_until: self.young_until,
            due_at: self.due_at,
            closing_at: self.closing_at,
            status: checked(JobStatus::try_from(self.status))?,
        })
    }

    /// Takes the books after a transition and counts its event. What a job never changes (who it
    /// belongs to, what it asks for, its limits) is left alone.
    pub fn apply(&mut self, books: &job::Job) -> Result<()> {
        self.voucher_signer = Pubkey::new_from_array(books.voucher_signer);
        self.dispatcher = books.dispatcher.map(Pubkey::new_from_array);
        self.deadline = books.deadline;
        self.due_at = books.due_at;
        self.funded = books.funded.get();
        self.committed = books.committed.get();
        self.paid = books.paid.get();
        self.refunded = books.refunded.get();
        self.open_leases = books.open_leases;
        self.leases_total = books.leases_total;
        self.closing_at = books.closing_at;
        self.status = books.status.as_u8();
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// The books balance and the status agrees with its time.
    pub fn invariant(&self) -> Result<()> {
        require!(self.seq > 0, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}
