//! `settle`: pays a lease up to a voucher's running total.
//!
//! Promises: money moves only against a message that the lease's voucher signer signed for this very
//! lease, program and cluster; never past the cap; never twice. Anyone may submit a voucher. It works
//! until the escrow is released, whatever the clock says. It writes neither the provider nor the
//! config, so that unrelated jobs settle in parallel, and several settlements fit one transaction,
//! each behind its own ed25519 instruction.

use crate::error::MiraError;
use crate::event::{self, LeaseSettled};
use crate::guard::ed25519::require_signed;
use crate::hash::Syscall;
use crate::seeds;
use crate::state::{Config, FeeShard, Job, Lease, Provider};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::amount::{Payment, Units};
use mira_core::fee_shard::shard_of;
use mira_core::lease::Settled;
use mira_core::voucher::{self, Voucher};
use solana_sdk_ids::sysvar::instructions;

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
    #[account(mut, seeds = [seeds::JOB, job.requester.as_ref(), job.job_id.to_le_bytes().as_ref()], bump = job.bump)]
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
    /// CHECK: the sysvar, by its address.
    #[account(address = instructions::ID @ MiraError::WrongAccount)]
    pub instructions: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl Settle<'_> {
    fn validate(&self, amount: Payment, units: Units) -> Result<()> {
        // submitter: signs, by its type.
        // config, job, vault, lease, fee_shard, fee_vault: by their seeds.
        // lease: of this job and this provider, by its attributes.
        // provider: the lease's, by the lease's attribute.
        // payout: the provider's, by the provider's attribute.
        // instructions: the sysvar, by its address.
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
        let accounts = &mut *ctx.accounts;
        let (job_before, lease_before) = (accounts.job.to_core()?, accounts.lease.to_core()?);
        let collected_before = accounts.fee_shard.to_core();
        let settled = lease_before.settle(&job_before, amount, units).map_err(MiraError::from)?;
        let collected = collected_before.collect(settled.settlement.fee).map_err(MiraError::from)?;
        accounts.pay(&settled)?;
        accounts.job.apply(&settled.job)?;
        accounts.lease.apply(&settled.lease)?;
        accounts.fee_shard.apply(&collected)?;
        let event = LeaseSettled {
            settled_before: lease_before.settled.get(),
            units_before: lease_before.units.get(),
            job_paid_before: job_before.paid.get(),
            job_committed_before: job_before.committed.get(),
            fee_collected_before: collected_before.collected.get(),
            ..accounts.event(&settled)
        };
        emit_cpi!(event);
        Ok(())
    }

    fn pay(&self, settled: &Settled) -> Result<()> {
        let job_id = self.job.job_id.to_le_bytes();
        let signer: &[&[u8]] = &[seeds::JOB, self.job.requester.as_ref(), &job_id, &[self.job.bump]];
        let authority = self.job.to_account_info();
        vault::pay_out(&self.vault, &self.fee_vault, &authority, signer, settled.settlement.fee.get())?;
        vault::pay_out(&self.vault, &self.payout, &authority, signer, settled.settlement.net.get())
    }

    /// The event; what was before the transition is the caller's to fill in.
    fn event(&self, settled: &Settled) -> LeaseSettled {
        let (lease, job, fee_shard) = (&self.lease, &self.job, &self.fee_shard);
        LeaseSettled {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            job: job.key(),
            job_seq: job.seq,
            fee_shard: fee_shard.key(),
            fee_shard_seq: fee_shard.seq,
            submitter: self.submitter.key(),
            payout: self.payout.key(),
            gross: settled.settlement.gross.get(),
            fee: settled.settlement.fee.get(),
            settled_before: 0,
            settled_after: lease.settled,
            units_before: 0,
            units_after: lease.units,
            job_paid_before: 0,
            job_paid_after: job.paid,
            job_committed_before: 0,
            job_committed_after: job.committed,
            fee_collected_before: 0,
            fee_collected_after: fee_shard.collected,
        }
    }
}
