//! `respond_dispute`: the provider's owner answers a challenge.
//!
//! Promises: only the owner's cold key answers, once, in time and without a bond. It concedes, or it
//! contests and is judged by the verifiers of that moment and by no later ones. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, DisputeAnswered};
use crate::seeds;
use crate::state::{Config, Dispute, Provider};
use anchor_lang::prelude::*;
use mira_core::dispute::Stage;

/// The accounts of `respond_dispute`.
#[event_cpi]
#[derive(Accounts)]
pub struct RespondDispute<'info> {
    /// The provider's cold key.
    pub owner: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider that is accused.
    #[account(
        seeds = [seeds::PROVIDER, provider.owner.as_ref()],
        bump = provider.bump,
        has_one = owner @ MiraError::WrongSigner,
    )]
    pub provider: Box<Account<'info, Provider>>,
    /// The dispute.
    #[account(
        mut,
        seeds = [seeds::DISPUTE, dispute.lease.as_ref()],
        bump = dispute.bump,
        has_one = provider @ MiraError::WrongAccount,
    )]
    pub dispute: Box<Account<'info, Dispute>>,
}

impl RespondDispute<'_> {
    fn validate(&self) -> Result<()> {
        // owner: signs, by its type; the provider's, by the provider's attribute.
        // config, provider, dispute: by their seeds; dispute about this provider, by its attribute.
        Ok(())
    }

    /// Concedes without an `answer`, contests with the hash of one.
    pub fn handle(ctx: Context<RespondDispute>, answer: Option<[u8; 32]>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let RespondDispute { owner, config, dispute, .. } = &mut *ctx.accounts;
        let before = dispute.to_core()?;
        dispute.apply(&before.respond(answer, config.verifier_set, now).map_err(MiraError::from)?)?;

        let event = DisputeAnswered {
            schema: event::SCHEMA,
            dispute: dispute.key(),
            dispute_seq: dispute.seq,
            lease: dispute.lease,
            actor: owner.key(),
            contested: dispute.stage == Stage::Contested.as_u8(),
            answer: dispute.answer,
            vote_until: dispute.vote_until,
            verifier_set: dispute.verifier_set,
        };
        emit_cpi!(event);
        Ok(())
    }
}
