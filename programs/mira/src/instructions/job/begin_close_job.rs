//! `begin_close_job`: stops new funds and new leases of a job.
//!
//! Promises: only the requester can do it; leases that exist keep their grace to settle, counted from
//! now at the latest.

use crate::error::MiraError;
use crate::event::{self, JobClosing};
use crate::seeds;
use crate::state::Job;
use anchor_lang::prelude::*;

/// The accounts of `begin_close_job`.
#[event_cpi]
#[derive(Accounts)]
pub struct BeginCloseJob<'info> {
    /// Owns the escrow.
    pub requester: Signer<'info>,
    /// The job.
    #[account(
        mut,
        seeds = [seeds::JOB, job.requester.as_ref(), job.job_id.to_le_bytes().as_ref()],
        bump = job.bump,
        has_one = requester @ MiraError::WrongSigner,
    )]
    pub job: Box<Account<'info, Job>>,
}

impl BeginCloseJob<'_> {
    fn validate(&self) -> Result<()> {
        // requester: signs, by its type; owns the job, by the job's attribute.
        // job: by its seeds.
        Ok(())
    }

    /// Marks the job as closing.
    pub fn handle(ctx: Context<BeginCloseJob>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let BeginCloseJob { requester, job, .. } = &mut *ctx.accounts;
        let after = job.to_core()?.begin_close(now).map_err(MiraError::from)?;
        job.apply(&after)?;

        let event = JobClosing {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            actor: requester.key(),
            closing_at: job.closing_at,
        };
        emit_cpi!(event);
        Ok(())
    }
}
