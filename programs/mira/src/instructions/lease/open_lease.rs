//! `open_lease`: reserves escrow of a job and stake of a provider for each other.
//!
//! Promises: both sides agree (the provider's operator signs, and the job's dispatcher or its
//! requester); a dispatcher can match but never move money; the lease copies every term, so that
//! later changes of keys or parameters do not touch it. The operator pays the rent and gets it back.

use crate::error::MiraError;
use crate::event::{self, LeaseOpened};
use crate::seeds;
use crate::state::{Config, Job, Lease, Provider};
use anchor_lang::prelude::*;
use mira_core::amount::{Payment, UnitPrice};
use mira_core::lease::{self, LeaseTerms};

/// What both sides sign.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct OpenLeaseArgs {
    /// Payment base units per 1,000,000 units.
    pub unit_price: u64,
    /// The most the lease can ever pay, in payment base units, fees included.
    pub cap: u64,
    /// Unix second of its end.
    pub expires_at: i64,
}

/// The accounts of `open_lease`.
#[event_cpi]
#[derive(Accounts)]
pub struct OpenLease<'info> {
    /// The provider's operator; pays the rent.
    #[account(mut)]
    pub operator: Signer<'info>,
    /// The job's dispatcher or its requester.
    pub matcher: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider that works.
    #[account(mut, has_one = operator @ MiraError::WrongSigner)]
    pub provider: Box<Account<'info, Provider>>,
    /// The job that pays.
    #[account(mut)]
    pub job: Box<Account<'info, Job>>,
    /// The lease, made here.
    #[account(
        init,
        payer = operator,
        space = Lease::SPACE,
        seeds = [
            seeds::LEASE,
            job.key().as_ref(),
            provider.key().as_ref(),
            job.leases_total.to_le_bytes().as_ref(),
        ],
        bump,
    )]
    pub lease: Box<Account<'info, Lease>>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl OpenLease<'_> {
    fn validate(&self) -> Result<()> {
        // operator: signs, by its type; the provider's, by the provider's attribute.
        // matcher: signs, by its type.
        // config: by its seeds.
        // provider, job: by their types; lease is derived from their addresses.
        // lease: created by its attribute, at the address of this job, provider and nonce.
        // system_program: by its type.
        self.config.require_running()?;
        self.job.to_core()?.require_matcher(&self.matcher.key().to_bytes()).map_err(MiraError::from)?;
        Ok(())
    }

    /// Writes the reservation on both sides and the lease.
    pub fn handle(ctx: Context<OpenLease>, args: OpenLeaseArgs) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let bump = ctx.bumps.lease;
        let accounts = &mut *ctx.accounts;
        let terms = LeaseTerms {
            unit_price: UnitPrice::new(args.unit_price),
            cap: Payment::new(args.cap),
            expires_at: args.expires_at,
        };
        let (job_before, provider_before) = (accounts.job.to_core()?, accounts.provider.to_core()?);
        let params = accounts.config.params()?;
        let opened =
            lease::Lease::open(&job_before, &provider_before, &terms, now, &params).map_err(MiraError::from)?;
        let nonce = accounts.job.leases_total;
        accounts.job.apply(&opened.job)?;
        accounts.provider.apply(&opened.provider)?;
        let lease = accounts.new_lease(&opened.lease, nonce, bump);
        accounts.lease.set_inner(lease);
        accounts.lease.invariant()?;
        let event = LeaseOpened {
            job_committed_before: job_before.committed.get(),
            provider_exposure_before: provider_before.exposure.get(),
            ..accounts.event()
        };
        emit_cpi!(event);
        Ok(())
    }

    fn new_lease(&self, books: &lease::Lease, nonce: u32, bump: u8) -> Lease {
        Lease {
            job: self.job.key(),
            provider: self.provider.key(),
            nonce,
            requester: self.job.requester,
            voucher_signer: self.job.voucher_signer,
            operator: self.operator.key(),
            unit_price: books.unit_price.get(),
            fee_bps: books.fee.get(),
            cap: books.cap.get(),
            exposure: books.exposure.get(),
            stake_per_million: books.stake_per_million.get(),
            settled: books.settled.get(),
            units: books.units.get(),
            opened_at: books.opened_at,
            expires_at: books.expires_at,
            grace_secs: books.grace_secs,
            dispute_window_secs: books.dispute_window_secs,
            settle_until: books.settle_until,
            dispute_until: books.dispute_until,
            released: books.released,
            disputed: books.disputed,
            challenged: books.challenged,
            rent_payer: self.operator.key(),
            seq: 1,
            bump,
        }
    }

    /// The event; what was before the transition is the caller's to fill in.
    fn event(&self) -> LeaseOpened {
        let (lease, job, provider) = (&self.lease, &self.job, &self.provider);
        LeaseOpened {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            job: job.key(),
            job_seq: job.seq,
            provider: provider.key(),
            provider_seq: provider.seq,
            operator: lease.operator,
            matcher: self.matcher.key(),
            voucher_signer: lease.voucher_signer,
            nonce: lease.nonce,
            unit_price: lease.unit_price,
            fee_bps: lease.fee_bps,
            cap: lease.cap,
            exposure: lease.exposure,
            stake_per_million: lease.stake_per_million,
            opened_at: lease.opened_at,
            expires_at: lease.expires_at,
            settle_until: lease.settle_until,
            dispute_until: lease.dispute_until,
            rent_payer: lease.rent_payer,
            job_committed_before: 0,
            job_committed_after: job.committed,
            provider_exposure_before: 0,
            provider_exposure_after: provider.exposure,
        }
    }
}
