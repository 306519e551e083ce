//! `update_job`: names other keys for the leases to come.
//!
//! Promises: only the requester can do it, while the job is open; leases that exist keep the voucher
//! signer they were opened with, so that no provider's vouchers lose their worth. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, JobUpdated};
use crate::seeds;
use crate::state::Job;
use anchor_lang::prelude::*;

/// The accounts of `update_job`.
#[event_cpi]
#[derive(Accounts)]
pub struct UpdateJob<'info> {
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

impl UpdateJob<'_> {
    fn validate(&self) -> Result<()> {
        // requester: signs, by its type; owns the job, by the job's attribute.
        // job: by its seeds.
        Ok(())
    }

    /// Writes both keys; who keeps one of them names it again.
    pub fn handle(ctx: Context<UpdateJob>, voucher_signer: Pubkey, dispatcher: Option<Pubkey>) -> Result<()> {
        ctx.accounts.validate()?;
        let UpdateJob { requester, job, .. } = &mut *ctx.accounts;
        let (voucher_signer_before, dispatcher_before) = (job.voucher_signer, job.dispatcher);
        let after = job
            .to_core()?
            .update(voucher_signer.to_bytes(), dispatcher.map(|key| key.to_bytes()))
            .map_err(MiraError::from)?;
        job.apply(&after)?;

        let event = JobUpdated {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            actor: requester.key(),
            voucher_signer_before,
            voucher_signer_after: job.voucher_signer,
            dispatcher_before,
            dispatcher_after: job.dispatcher,
        };
        emit_cpi!(event);
        Ok(())
    }
}
