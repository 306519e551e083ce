//! `settle`: pays a lease up to a voucher's running total.
//!
//! Promises: money moves only against a message that the lease's voucher signer signed for this very
//! lease, program and cluster; never past the cap; never twice. Anyone may submit a voucher. It works
//! until the escrow is released, whatever the clock says. It writes neither the provider nor the
//! config, so that unrelated jobs settle in parallel, and several settlements fit one transaction,
//! each behind its own ed25519 instruction.

use crate::error::MiraError;
use crate::guard::ed25519::require_signed;
use crate::hash::Syscall;
use crate::seeds;
use crate::settlement::Settling;
use crate::state::{Config, FeeShard, Job, Lease, Provider};
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::amount::{Payment, Units};
use mira_core::fee_shard::shard_of;
use mira_core::voucher::{self, Voucher};

/// The accounts of `settle`.
#[event_cpi]
#[derive(Accounts)]
pub struct Settle<'info> {
    /// Whoever brings the voucher.
    pub submitter: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
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
    /// The instructions of this transaction.
    /// CHECK: `guard::ed25519` refuses all but the sysvar.
    pub instructions: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl Settle<'_> {
    fn validate(&self, amount: Payment, units: Units) -> Result<()> {
        // submitter: signs, by its type.
        // config, vault, lease, fee_shard, fee_vault: by their seeds.
        // job: a job, by its type; vault and lease are derived from its address.
        // lease: of this job and this provider, by its attributes.
        // provider: the lease's, by the lease's attribute.
        // payout: the provider's, by the provider's attribute.
        // instructions: the sysvar, by the check of the voucher.
        // token_program: by its type.
        let message = voucher::message::<Syscall>(&Voucher {
            program_id: crate::ID.to_bytes(),
            cluster_id: self.config.cluster_id,
            lease: self.lease.key().to_bytes(),
            cumulative_amount: amount,
            cumulative_units: units,
        });
        require_signed(&self.instructions, &self.lease.voucher_signer.to_bytes(), &message)
    }

    /// Pays what the voucher adds to what is settled: the fee to the shard, the rest to the provider.
    pub fn handle(ctx: Context<Settle>, cumulative_amount: u64, cumulative_units: u64) -> Result<()> {
        let (amount, units) = (Payment::new(cumulative_amount), Units::new(cumulative_units));
        ctx.accounts.validate(amount, units)?;
        let Settle { submitter, job, vault, lease, payout, fee_shard, fee_vault, .. } = &mut *ctx.accounts;
        let settling = Settling { submitter: submitter.key(), job, vault, lease, payout, fee_shard, fee_vault };
        let event = settling.pay(amount, units)?;
        emit_cpi!(event);
        Ok(())
    }
}
