//! `finalize_epoch`: makes the pending epoch the one that claims are made against.
//!
//! Promises: anyone can crank it once the guardian's window is over; the epoch counts no fee that is
//! not in the reward vault; what the rewards leave of its fees goes to the treasury at once, so that
//! the vault keeps exactly what can be claimed. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, EpochFinalized};
use crate::seeds;
use crate::state::{Config, RewardState};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;

/// The accounts of `finalize_epoch`.
#[event_cpi]
#[derive(Accounts)]
pub struct FinalizeEpoch<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The reward vault's books.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
    /// The reward vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::REWARD_VAULT], bump = rewards.vault_bump)]
    pub reward_vault: UncheckedAccount<'info>,
    /// The treasury.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::TREASURY], bump = config.treasury_bump)]
    pub treasury: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl FinalizeEpoch<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // config, rewards, reward_vault, treasury: by their seeds.
        // token_program: by its type.
        Ok(())
    }

    /// Makes the pending epoch final and moves the treasury's part.
    pub fn handle(ctx: Context<FinalizeEpoch>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let FinalizeEpoch { actor, rewards, reward_vault, treasury, .. } = &mut *ctx.accounts;
        let before = rewards.to_core()?;
        let (after, to_treasury) = before.finalize(now).map_err(MiraError::from)?;
        let signer: &[&[u8]] = &[seeds::REWARDS, &[rewards.bump]];
        vault::pay_out(reward_vault, treasury, &rewards.to_account_info(), signer, to_treasury.get())?;
        rewards.apply(&after)?;

        let event = EpochFinalized {
            schema: event::SCHEMA,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: actor.key(),
            epoch: rewards.last,
            last_at: rewards.last_at,
            fees_before: before.epochs.last.cumulative_fees.get(),
            total_before: before.epochs.last.cumulative_total.get(),
            to_treasury: to_treasury.get(),
            to_treasury_before: before.to_treasury.get(),
            to_treasury_after: rewards.to_treasury,
        };
        emit_cpi!(event);
        Ok(())
    }
}
