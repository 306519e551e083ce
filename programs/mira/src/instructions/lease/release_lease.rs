//! `release_lease`: returns what a lease did not settle to its job.
//!
//! Promises: anyone can crank it once the lease's time to settle is over; from then on no voucher
//! pays. The exposure stays until the lease ends. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, LeaseReleased};
use crate::seeds;
use crate::state::{Job, Lease};
use anchor_lang::prelude::*;

/// The accounts of `release_lease`.
#[event_cpi]
#[derive(Accounts)]
pub struct ReleaseLease<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The job that paid.
    #[account(mut)]
    pub job: Box<Account<'info, Job>>,
    /// The lease.
    #[account(
        mut,
        seeds = [seeds::LEASE, job.key().as_ref(), lease.provider.as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
        has_one = job @ MiraError::WrongAccount,
    )]
    pub lease: Box<Account<'info, Lease>>,
}

impl ReleaseLease<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // job: a job, by its type; lease is derived from its address.
        // lease: by its seeds; of this job, by its attribute.
        Ok(())
    }

    /// Writes the return on both sides; no tokens move.
    pub fn handle(ctx: Context<ReleaseLease>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let ReleaseLease { actor, job, lease, .. } = &mut *ctx.accounts;
        let before = job.to_core()?;
        let released = lease.to_core()?.release(&before, now).map_err(MiraError::from)?;
        job.apply(&released.job)?;
        lease.apply(&released.lease)?;

        let event = LeaseReleased {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            job: job.key(),
            job_seq: job.seq,
            actor: actor.key(),
            returned: released.returned.get(),
            settle_until: lease.settle_until,
            dispute_until: lease.dispute_until,
            job_committed_before: before.committed.get(),
            job_committed_after: job.committed,
            job_open_leases_after: job.open_leases,
        };
        emit_cpi!(event);
        Ok(())
    }
}
