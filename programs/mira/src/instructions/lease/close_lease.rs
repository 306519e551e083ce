//! `close_lease`: brings the end of a lease forward.
//!
//! Promises: the provider's operator or owner ends its own claim at once; the requester ends the
//! lease but leaves the provider its grace to settle. Neither can put an end off.

use crate::error::MiraError;
use crate::event::{self, LeaseClosed};
use crate::seeds;
use crate::state::{Lease, Provider};
use anchor_lang::prelude::*;
use mira_core::lease::Closer;

/// The accounts of `close_lease`.
#[event_cpi]
#[derive(Accounts)]
pub struct CloseLease<'info> {
    /// The provider's operator or owner, or the requester.
    pub actor: Signer<'info>,
    /// The provider that works.
    pub provider: Box<Account<'info, Provider>>,
    /// The lease.
    #[account(
        mut,
        seeds = [seeds::LEASE, lease.job.as_ref(), provider.key().as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
        has_one = provider @ MiraError::WrongAccount,
    )]
    pub lease: Box<Account<'info, Lease>>,
}

impl CloseLease<'_> {
    fn validate(&self) -> Result<Closer> {
        // provider: a provider, by its type; lease is derived from its address.
        // lease: by its seeds; of this provider, by its attribute.
        // actor: signs, by its type; who it is decides how the lease ends.
        match self.actor.key() {
            key if key == self.provider.operator || key == self.provider.owner => Ok(Closer::Provider),
            key if key == self.lease.requester => Ok(Closer::Requester),
            _ => err!(MiraError::WrongSigner),
        }
    }

    /// Writes the lease's new times.
    pub fn handle(ctx: Context<CloseLease>) -> Result<()> {
        let closer = ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let CloseLease { actor, lease, .. } = &mut *ctx.accounts;
        let before = lease.to_core()?;
        lease.apply(&before.close(closer, now).map_err(MiraError::from)?)?;

        let event = LeaseClosed {
            schema: event::SCHEMA,
            lease: lease.key(),
            lease_seq: lease.seq,
            actor: actor.key(),
            settle_until_before: before.settle_until,
            settle_until_after: lease.settle_until,
            dispute_until_after: lease.dispute_until,
        };
        emit_cpi!(event);
        Ok(())
    }
}
