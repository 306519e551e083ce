//! `cancel_epoch`: drops the pending epoch and all approvals.
//!
//! Promises: the guardian stops a wrong root inside its window and never later; what nobody finalizes
//! anyone clears away once it is stale, so that no epoch stands in the way of the next. Nothing moves,
//! and what is final stays.

use crate::error::MiraError;
use crate::event::{self, EpochCancelled};
use crate::hash::Syscall;
use crate::seeds;
use crate::state::{Config, RewardState};
use anchor_lang::prelude::*;
use mira_core::rewards::Rewards;

/// The accounts of `cancel_epoch`.
#[event_cpi]
#[derive(Accounts)]
pub struct CancelEpoch<'info> {
    /// The guardian, or anyone once the epoch is stale.
    pub actor: Signer<'info>,
    /// The network; names the guardian.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The epochs' books.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
}

impl CancelEpoch<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type; may, by core.
        // config, rewards: by their seeds.
        Ok(())
    }

    /// Clears what is pending.
    pub fn handle(ctx: Context<CancelEpoch>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let CancelEpoch { actor, config, rewards, .. } = &mut *ctx.accounts;
        let before = rewards.to_core()?;
        let by_guardian = actor.key() == config.guardian;
        let epochs = before.epochs.cancel(by_guardian, now).map_err(MiraError::from)?;
        let dropped = before.epochs.pending.ok_or(MiraError::EpochNotPending)?.epoch;
        rewards.apply(&Rewards { epochs, ..before })?;

        let event = EpochCancelled {
            schema: event::SCHEMA,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: actor.key(),
            index: dropped.index,
            digest: dropped.digest::<Syscall>(),
        };
        emit_cpi!(event);
        Ok(())
    }
}
