//! `claim_delegation_reward`: pays what a position has earned.
//!
//! Promises: pays the staker and nobody else, to any account if the staker signs and to its associated
//! account if a stranger cranks; pays what the provider's claims left for the shares that the position
//! held at each of them, whether it still holds them or not; an emptied position closes and its rent
//! goes to the staker. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, DelegationRewardClaimed};
use crate::guard::payee::require_payee;
use crate::seeds;
use crate::state::{Config, Provider, RewardState, StakePosition};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

/// The accounts of `claim_delegation_reward`.
#[event_cpi]
#[derive(Accounts)]
pub struct ClaimDelegationReward<'info> {
    /// The staker, or anyone.
    pub actor: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider staked on; numbers the event.
    #[account(mut)]
    pub provider: Box<Account<'info, Provider>>,
    /// The staker's position.
    #[account(
        mut,
        seeds = [seeds::STAKE, provider.key().as_ref(), position.staker.as_ref()],
        bump = position.bump,
        has_one = staker @ MiraError::WrongAccount,
        has_one = provider @ MiraError::WrongAccount,
    )]
    pub position: Box<Account<'info, StakePosition>>,
    /// Whose reward it is; gets the rent of an emptied position.
    /// CHECK: the position names it, by the position's attribute.
    #[account(mut)]
    pub staker: UncheckedAccount<'info>,
    /// Where the reward goes.
    #[account(mut)]
    pub destination: Box<Account<'info, TokenAccount>>,
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

impl ClaimDelegationReward<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // config, rewards, reward_vault: by their seeds.
        // provider: a provider, by its type; position is derived from its address.
        // position: of this provider and staker, by its seeds and its attributes.
        // staker: the position's, by the position's attribute.
        // token_program: by its type.
        require_payee(&self.destination, self.staker.key, self.actor.key, &self.config.payment_mint)
    }

    /// Pays all that the position has earned and not claimed.
    pub fn handle(ctx: Context<ClaimDelegationReward>) -> Result<()> {
        ctx.accounts.validate()?;
        let ClaimDelegationReward { actor, provider, position, staker, destination, rewards, reward_vault, .. } =
            &mut *ctx.accounts;
        let (books, before) = (provider.to_core()?, rewards.to_core()?);
        let claimed = books.claim_delegation(&position.to_core()).map_err(MiraError::from)?;
        let after = before.pay(claimed.amount).map_err(MiraError::from)?;
        let signer: &[&[u8]] = &[seeds::REWARDS, &[rewards.bump]];
        let (to, authority) = (destination.to_account_info(), rewards.to_account_info());
        vault::pay_out(reward_vault, &to, &authority, signer, claimed.amount.get())?;
        // The provider's books stay as they are: it only counts the event of its position.
        provider.apply(&books)?;
        position.apply(&claimed.position)?;
        rewards.apply(&after)?;

        let event = DelegationRewardClaimed {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: actor.key(),
            staker: staker.key(),
            amount: claimed.amount.get(),
            reward_index: provider.reward_index,
            rewards_paid_out_before: before.paid_out.get(),
            rewards_paid_out_after: rewards.paid_out,
            closed: claimed.position.is_empty(),
        };
        if claimed.position.is_empty() {
            position.close(staker.to_account_info())?;
        }
        emit_cpi!(event);
        Ok(())
    }
}
