//! `vote_dispute`: a verifier judges a contested dispute.
//!
//! Promises: only the verifiers under whom it was contested vote, each once and in time, and none that
//! is a party of the lease; a change of the set ends the vote. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, DisputeVoted};
use crate::seeds;
use crate::state::{Config, Dispute, Lease, Provider};
use anchor_lang::prelude::*;

/// The accounts of `vote_dispute`.
#[event_cpi]
#[derive(Accounts)]
pub struct VoteDispute<'info> {
    /// A verifier.
    pub verifier: Signer<'info>,
    /// The network; names the verifiers.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider that is accused; names its owner.
    pub provider: Box<Account<'info, Provider>>,
    /// The lease that is disputed; names the other parties.
    #[account(
        seeds = [seeds::LEASE, lease.job.as_ref(), provider.key().as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
    )]
    pub lease: Box<Account<'info, Lease>>,
    /// The dispute.
    #[account(mut, seeds = [seeds::DISPUTE, lease.key().as_ref()], bump = dispute.bump)]
    pub dispute: Box<Account<'info, Dispute>>,
}

impl VoteDispute<'_> {
    fn validate(&self) -> Result<()> {
        // verifier: signs, by its type; that it is one, and no party, is core's to check.
        // config: by its seeds.
        // provider: a provider, by its type; lease is derived from its address.
        // lease: of this provider, by its seeds.
        // dispute: about this lease, by its seeds.
        Ok(())
    }

    /// Counts the vote.
    pub fn handle(ctx: Context<VoteDispute>, uphold: bool) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let parties = ctx.accounts.parties();
        let VoteDispute { verifier, config, lease, dispute, .. } = &mut *ctx.accounts;
        let (before, voter) = (dispute.to_core()?, verifier.key().to_bytes());
        let after = before.vote(&config.to_core()?, &voter, &parties, uphold, now).map_err(MiraError::from)?;
        dispute.apply(&after)?;

        let event = DisputeVoted {
            schema: event::SCHEMA,
            dispute: dispute.key(),
            dispute_seq: dispute.seq,
            lease: lease.key(),
            actor: verifier.key(),
            uphold,
            votes_for: dispute.votes_for,
            votes_against: dispute.votes_against,
        };
        emit_cpi!(event);
        Ok(())
    }

    /// Everyone with an interest in the lease: as it was opened, and whoever serves the provider now.
    fn parties(&self) -> [mira_core::Key; 5] {
        let (lease, provider) = (&self.lease, &self.provider);
        let keys = [lease.requester, lease.voucher_signer, lease.operator, provider.operator, provider.owner];
        keys.map(|key| key.to_bytes())
    }
}
