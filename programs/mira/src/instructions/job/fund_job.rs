//! `fund_job`: moves payment into a job's vault.
//!
//! Promises: anyone may fund an open job; what a stranger adds is a gift to the requester, who gets
//! back all that is not paid.

use crate::error::MiraError;
use crate::event::{self, JobFunded};
use crate::seeds;
use crate::state::{Config, Job};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::amount::Payment;

/// The accounts of `fund_job`.
#[event_cpi]
#[derive(Accounts)]
pub struct FundJob<'info> {
    /// Pays.
    pub funder: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The job.
    #[account(mut)]
    pub job: Box<Account<'info, Job>>,
    /// The job's vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::ESCROW, job.key().as_ref()], bump = job.vault_bump)]
    pub vault: UncheckedAccount<'info>,
    /// Where the payment comes from: a payment-mint account that the funder may spend from.
    #[account(mut, constraint = from.mint == config.payment_mint @ MiraError::WrongMint)]
    pub from: Box<Account<'info, TokenAccount>>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl FundJob<'_> {
    fn validate(&self) -> Result<()> {
        // funder: signs, by its type.
        // config, vault: by their seeds.
        // job: a job, by its type; vault is derived from its address.
        // from: of the payment mint, by its attribute; the token program checks that the funder may spend.
        // token_program: by its type.
        self.config.require_running()
    }

    /// Takes `amount` payment base units in.
    pub fn handle(ctx: Context<FundJob>, amount: u64) -> Result<()> {
        ctx.accounts.validate()?;
        let FundJob { funder, job, vault, from, .. } = &mut *ctx.accounts;
        let before = job.to_core()?;
        let after = before.fund(Payment::new(amount)).map_err(MiraError::from)?;
        vault::pay_in(&from.to_account_info(), vault, funder, amount)?;
        job.apply(&after)?;

        let event = JobFunded {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            funder: funder.key(),
            amount,
            funded_before: before.funded.get(),
            funded_after: job.funded,
        };
        emit_cpi!(event);
        Ok(())
    }
}
