//! `settle_direct`: pays a lease up to a running total that the requester signs the transaction for.
//!
//! Promises: as `settle`, without a voucher: only the requester can do it, never past the cap, never
//! twice, until the escrow is released, whatever the clock says. Vouchers and direct settlements share
//! one running total: whichever is larger counts. It writes neither the provider nor the config.

use crate::error::MiraError;
use crate::seeds;
use crate::settlement::Settling;
use crate::state::{FeeShard, Job, Lease, Provider};
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::amount::{Payment, Units};
use mira_core::fee_shard::shard_of;

/// The accounts of `settle_direct`.
#[event_cpi]
#[derive(Accounts)]
pub struct SettleDirect<'info> {
    /// Owns the escrow.
    pub requester: Signer<'info>,
    /// The job that pays.
    #[account(mut)]
    pub job: Box<Account<'info, Job>>,
    /// The job's vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::ESCROW, job.key().as_ref()], bump = job.vault_bump)]
    pub vault: UncheckedAccount<'info>,
    /// The lease that is paid.
    #[account(
        mut,
        seeds = [seeds::LEASE, job.key().as_ref(), provider.key().as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
        has_one = job @ MiraError::WrongAccount,
        has_one = provider @ MiraError::WrongAccount,
        has_one = requester @ MiraError::WrongSigner,
    )]
    pub lease: Box<Account<'info, Lease>>,
    /// The provider that worked; names the payout account.
    #[account(has_one = payout @ MiraError::WrongAccount)]
    pub provider: Box<Account<'info, Provider>>,
    /// Where the provider's part goes.
    /// CHECK: the provider names it, by the provider's attribute; the token program checks its mint.
    #[account(mut)]
    pub payout: UncheckedAccount<'info>,
    /// The lease's fee shard.
    #[account(mut, seeds = [seeds::FEES, &[shard_of(&lease.key().to_bytes())]], bump = fee_shard.bump)]
    pub fee_shard: Box<Account<'info, FeeShard>>,
    /// The fee shard's vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::FEE_VAULT, &[fee_shard.shard]], bump = fee_shard.vault_bump)]
    pub fee_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl SettleDirect<'_> {
    fn validate(&self) -> Result<()> {
        // requester: signs, by its type; the lease's, by the lease's attribute.
        // vault, lease, fee_shard, fee_vault: by their seeds.
        // job: a job, by its type; vault and lease are derived from its address.
        // lease: of this job and this provider, by its attributes.
        // provider: the lease's, by the lease's attribute.
        // payout: the provider's, by the provider's attribute.
        // token_program: by its type.
        Ok(())
    }

    /// Pays what the running total adds to what is settled: the fee to the shard, the rest to the
    /// provider.
    pub fn handle(ctx: Context<SettleDirect>, cumulative_amount: u64, cumulative_units: u64) -> Result<()> {
        ctx.accounts.validate()?;
        let SettleDirect { requester, job, vault, lease, payout, fee_shard, fee_vault, .. } = &mut *ctx.accounts;
        let settling = Settling { submitter: requester.key(), job, vault, lease, payout, fee_shard, fee_vault };
        let event = settling.pay(Payment::new(cumulative_amount), Units::new(cumulative_units))?;
        emit_cpi!(event);
        Ok(())
    }
}
