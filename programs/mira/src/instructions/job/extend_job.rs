//! `extend_job`: puts a job's deadline off.
//!
//! Promises: only the requester can do it, while the job is open and the network is not paused, never
//! further away than a new job may last; leases that exist keep their terms, and so does the escrow.

use crate::error::MiraError;
use crate::event::{self, JobExtended};
use crate::seeds;
use crate::state::{Config, Job};
use anchor_lang::prelude::*;

/// The accounts of `extend_job`.
#[event_cpi]
#[derive(Accounts)]
pub struct ExtendJob<'info> {
    /// Owns the escrow.
    pub requester: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The job.
    #[account(
        mut,
        seeds = [seeds::JOB, job.requester.as_ref(), job.job_id.to_le_bytes().as_ref()],
        bump = job.bump,
        has_one = requester @ MiraError::WrongSigner,
    )]
    pub job: Box<Account<'info, Job>>,
}

impl ExtendJob<'_> {
    fn validate(&self) -> Result<()> {
        // requester: signs, by its type; owns the job, by the job's attribute.
        // config, job: by their seeds.
        self.config.require_running()
    }

    /// Writes the deadline, a unix second, and from when anyone may close the job.
    pub fn handle(ctx: Context<ExtendJob>, deadline: i64) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let ExtendJob { requester, config, job, .. } = &mut *ctx.accounts;
        let before = job.to_core()?;
        let after = before.extend(deadline, now, &config.params()?).map_err(MiraError::from)?;
        job.apply(&after)?;

        let event = JobExtended {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            actor: requester.key(),
            deadline_before: before.deadline,
            deadline_after: job.deadline,
            due_at_after: job.due_at,
        };
        emit_cpi!(event);
        Ok(())
    }
}
