//! `close_job`: returns what a job did not pay, and closes the job and its vault.
//!
//! Promises: anyone can crank it when it is due; the money goes to any account if the requester signs
//! and to its associated account otherwise; what strangers had sent to the vault goes along, so that
//! dust blocks nothing; the rent of both accounts goes to the requester. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, JobClosed};
use crate::guard::payee::require_payee;
use crate::seeds;
use crate::state::{Config, Job};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::amount::Payment;

/// The accounts of `close_job`.
#[event_cpi]
#[derive(Accounts)]
pub struct CloseJob<'info> {
    /// The requester, or anyone.
    pub actor: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The job, closed here.
    #[account(mut, close = requester, has_one = requester @ MiraError::WrongAccount)]
    pub job: Box<Account<'info, Job>>,
    /// The job's vault, closed here.
    #[account(mut, seeds = [seeds::ESCROW, job.key().as_ref()], bump = job.vault_bump)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Owns the escrow; gets the rent.
    /// CHECK: the job names it, by the job's attribute.
    #[account(mut)]
    pub requester: UncheckedAccount<'info>,
    /// Where the money goes.
    #[account(mut)]
    pub destination: Box<Account<'info, TokenAccount>>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl CloseJob<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // config, vault: by their seeds.
        // job: a job, by its type; vault is derived from its address.
        // requester: the job's, by the job's attribute.
        // token_program: by its type.
        require_payee(&self.destination, self.requester.key, self.actor.key, &self.config.payment_mint)
    }

    /// Empties and closes the vault; the job's account closes by its attribute.
    pub fn handle(ctx: Context<CloseJob>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let CloseJob { actor, job, vault, requester, destination, .. } = &mut *ctx.accounts;
        let refund = job.to_core()?.close(now).map_err(MiraError::from)?;
        let held = Payment::new(vault.amount);
        let foreign = held.checked_sub(refund.amount).map_err(|_| MiraError::InvariantBroken)?;
        let job_id = job.job_id.to_le_bytes();
        let signer: &[&[u8]] = &[seeds::JOB, job.requester.as_ref(), &job_id, &[job.bump]];
        let (from, authority) = (vault.to_account_info(), job.to_account_info());
        vault::pay_out(&from, &destination.to_account_info(), &authority, signer, held.get())?;
        vault::close(&from, requester, &authority, signer)?;
        job.apply(&refund.job)?;

        let event = JobClosed {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            actor: actor.key(),
            refunded: refund.amount.get(),
            foreign: foreign.get(),
            funded: job.funded,
            paid: job.paid,
        };
        emit_cpi!(event);
        Ok(())
    }
}
