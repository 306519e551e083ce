//! A lease's settlement, once it is known that it is wanted: the tokens, the books and the event, which
//! `settle` and `settle_direct` share.
//!
//! It writes neither the provider nor the config, so that unrelated jobs settle in parallel. Nothing
//! here decides an amount: `mira_core` does.

use crate::error::MiraError;
use crate::event::{self, LeaseSettled};
use crate::seeds;
use crate::state::{FeeShard, Job, Lease};
use crate::vault;
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, Units};
use mira_core::fee::Settlement;

/// The accounts that a settlement touches, checked by the instruction that has them.
pub struct Settling<'a, 'info> {
    /// Who signed the transaction.
    pub submitter: Pubkey,
    /// The job that pays.
    pub job: &'a mut Account<'info, Job>,
    /// Its vault.
    pub vault: &'a AccountInfo<'info>,
    /// The lease that is paid, of that job.
    pub lease: &'a mut Account<'info, Lease>,
    /// Where the provider's part goes.
    pub payout: &'a AccountInfo<'info>,
    /// The lease's fee shard.
    pub fee_shard: &'a mut Account<'info, FeeShard>,
    /// Its vault.
    pub fee_vault: &'a AccountInfo<'info>,
}

impl Settling<'_, '_> {
    /// Pays what a running total adds to what is settled: the fee to the shard, the rest to the
    /// provider. The caller emits the event.
    pub fn pay(self, cumulative_amount: Payment, cumulative_units: Units) -> Result<LeaseSettled> {
        let (job_before, lease_before) = (self.job.to_core()?, self.lease.to_core()?);
        let collected_before = self.fee_shard.to_core();
        let settled = lease_before.settle(&job_before, cumulative_amount, cumulative_units).map_err(MiraError::from)?;
        let collected = collected_before.collect(settled.settlement.fee).map_err(MiraError::from)?;
        self.transfer(&settled.settlement)?;
        let Self { submitter, job, lease, payout, fee_shard, .. } = self;
        job.apply(&settled.job)?;
        lease.apply(&settled.lease)?;
        fee_shard.apply(&collected)?;
        Ok(LeaseSettled {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            job: job.key(),
            job_seq: job.seq,
            fee_shard: fee_shard.key(),
            fee_shard_seq: fee_shard.seq,
            submitter,
            payout: payout.key(),
            gross: settled.settlement.gross.get(),
            fee: settled.settlement.fee.get(),
            settled_before: lease_before.settled.get(),
            settled_after: lease.settled,
            units_before: lease_before.units.get(),
            units_after: lease.units,
            job_paid_before: job_before.paid.get(),
            job_paid_after: job.paid,
            job_committed_before: job_before.committed.get(),
            job_committed_after: job.committed,
            fee_collected_before: collected_before.collected.get(),
            fee_collected_after: fee_shard.collected,
        })
    }

    fn transfer(&self, settlement: &Settlement) -> Result<()> {
        let job_id = self.job.job_id.to_le_bytes();
        let signer: &[&[u8]] = &[seeds::JOB, self.job.requester.as_ref(), &job_id, &[self.job.bump]];
        let authority = self.job.to_account_info();
        vault::pay_out(self.vault, self.fee_vault, &authority, signer, settlement.fee.get())?;
        vault::pay_out(self.vault, self.payout, &authority, signer, settlement.net.get())
    }
}
