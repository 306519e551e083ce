//! `sweep_fees`: moves the fees of one shard to the reward vault.
//!
//! Promises: anyone can crank it, one shard a call; it moves what the shard's books hold and nothing
//! else, so that tokens sent to the shard's vault earn nobody a reward.

use crate::error::MiraError;
use crate::event::{self, FeesSwept};
use crate::seeds;
use crate::state::{FeeShard, RewardState};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;

/// The accounts of `sweep_fees`.
#[event_cpi]
#[derive(Accounts)]
pub struct SweepFees<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The shard.
    #[account(mut, seeds = [seeds::FEES, &[fee_shard.shard]], bump = fee_shard.bump)]
    pub fee_shard: Box<Account<'info, FeeShard>>,
    /// The shard's vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::FEE_VAULT, &[fee_shard.shard]], bump = fee_shard.vault_bump)]
    pub fee_vault: UncheckedAccount<'info>,
    /// The reward vault's books.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
    /// The reward vault.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::REWARD_VAULT], bump = rewards.vault_bump)]
    pub reward_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl SweepFees<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // fee_shard, fee_vault, rewards, reward_vault: by their seeds.
        // token_program: by its type.
        Ok(())
    }

    /// Moves all that is unswept.
    pub fn handle(ctx: Context<SweepFees>) -> Result<()> {
        ctx.accounts.validate()?;
        let SweepFees { actor, fee_shard, fee_vault, rewards, reward_vault, .. } = &mut *ctx.accounts;
        let (shard_before, rewards_before) = (fee_shard.to_core(), rewards.to_core()?);
        let swept = shard_before.sweep(&rewards_before).map_err(MiraError::from)?;
        let signer: &[&[u8]] = &[seeds::FEES, &[fee_shard.shard], &[fee_shard.bump]];
        vault::pay_out(fee_vault, reward_vault, &fee_shard.to_account_info(), signer, swept.amount.get())?;
        fee_shard.apply(&swept.shard)?;
        rewards.apply(&swept.rewards)?;

        let event = FeesSwept {
            schema: event::SCHEMA,
            fee_shard: fee_shard.key(),
            fee_shard_seq: fee_shard.seq,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: actor.key(),
            amount: swept.amount.get(),
            fee_swept_before: shard_before.swept.get(),
            fee_swept_after: fee_shard.swept,
            rewards_swept_before: rewards_before.swept.get(),
            rewards_swept_after: rewards.swept,
        };
        emit_cpi!(event);
        Ok(())
    }
}
