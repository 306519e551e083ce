//! `end_lease`: frees the provider's exposure and closes the lease's account.
//!
//! Promises: anyone can crank it once the escrow is released and the time to dispute is over; the rent
//! goes to whoever paid it. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, LeaseEnded};
use crate::seeds;
use crate::state::{Lease, Provider};
use anchor_lang::prelude::*;

/// The accounts of `end_lease`.
#[event_cpi]
#[derive(Accounts)]
pub struct EndLease<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The provider that worked.
    #[account(mut)]
    pub provider: Box<Account<'info, Provider>>,
    /// The lease, closed here.
    #[account(
        mut,
        close = rent_payer,
        seeds = [seeds::LEASE, lease.job.as_ref(), provider.key().as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
        has_one = provider @ MiraError::WrongAccount,
        has_one = rent_payer @ MiraError::WrongAccount,
    )]
    pub lease: Box<Account<'info, Lease>>,
    /// Who paid the rent and gets it back.
    /// CHECK: the lease names it, by the lease's attribute.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

impl EndLease<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // provider: a provider, by its type; lease is derived from its address.
        // lease: by its seeds; of this provider, by its attribute.
        // rent_payer: the lease's, by the lease's attribute.
        Ok(())
    }

    /// Writes the provider; the lease's account closes by its attribute.
    pub fn handle(ctx: Context<EndLease>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let EndLease { actor, provider, lease, rent_payer, .. } = &mut *ctx.accounts;
        let before = provider.to_core()?;
        let books = lease.to_core()?;
        provider.apply(&books.end(&before, now).map_err(MiraError::from)?)?;
        lease.apply(&books)?;

        let event = LeaseEnded {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            provider: provider.key(),
            provider_seq: provider.seq,
            actor: actor.key(),
            rent_payer: rent_payer.key(),
            exposure: lease.exposure,
            provider_exposure_before: before.exposure.get(),
            provider_exposure_after: provider.exposure,
            provider_open_leases_after: provider.open_leases,
        };
        emit_cpi!(event);
        Ok(())
    }
}
