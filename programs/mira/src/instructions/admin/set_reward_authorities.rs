//! `set_reward_authorities`: replaces the keys that approve reward epochs.
//!
//! Promises: only the admin can do it; what the old keys approved, and the epoch that waits for its
//! finalization, are dropped. Final epochs and claims stay.

use crate::error::MiraError;
use crate::event::{self, RewardAuthoritiesSet};
use crate::seeds;
use crate::state::{Config, RewardState};
use anchor_lang::prelude::*;
use mira_core::rewards::Rewards;

/// The accounts of `set_reward_authorities`.
#[event_cpi]
#[derive(Accounts)]
pub struct SetRewardAuthorities<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The epochs.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
}

impl SetRewardAuthorities<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config, rewards: by their seeds.
        self.config.require_admin(&self.admin.key())
    }

    /// Writes the keys, all of them, and drops what is undecided.
    pub fn handle(ctx: Context<SetRewardAuthorities>, keys: Vec<Pubkey>) -> Result<()> {
        ctx.accounts.validate()?;
        let SetRewardAuthorities { admin, config, rewards, .. } = &mut *ctx.accounts;
        let keys: Vec<_> = keys.iter().map(Pubkey::to_bytes).collect();
        let after = config.to_core()?.set_reward_authorities(&keys).map_err(MiraError::from)?;
        config.apply(&after)?;
        let books = rewards.to_core()?;
        let dropped_epoch = books.epochs.pending.map(|pending| pending.epoch.index);
        rewards.apply(&Rewards { epochs: books.epochs.cleared(), ..books })?;

        let event = RewardAuthoritiesSet {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: admin.key(),
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            authorities: config.reward_authorities.clone(),
            dropped_epoch,
        };
        emit_cpi!(event);
        Ok(())
    }
}
