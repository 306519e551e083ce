//! `claim_reward`: claims for a provider what a leaf of the final root adds to its earlier claims.
//!
//! Promises: anyone can crank it with one signature, and it creates no account; nothing is claimed that
//! the root does not hold, twice, or beyond the root's total. The owner's part goes to the provider's
//! payout account whoever cranks; the rest stays in the vault for the shares that are active now. A payout
//! account that cannot receive holds nothing up: then those shares get the owner's part too. Nothing can
//! pause it.

use crate::error::MiraError;
use crate::event::{self, RewardClaimed};
use crate::guard::payee::can_receive;
use crate::hash::Syscall;
use crate::seeds;
use crate::state::{Provider, RewardState};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::amount::Payment;
use mira_core::{merkle, Hash};

/// The accounts of `claim_reward`.
#[event_cpi]
#[derive(Accounts)]
pub struct ClaimReward<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The provider that worked.
    #[account(
        mut,
        seeds = [seeds::PROVIDER, provider.owner.as_ref()],
        bump = provider.bump,
        has_one = payout @ MiraError::WrongAccount,
    )]
    pub provider: Box<Account<'info, Provider>>,
    /// Where the owner's part goes.
    /// CHECK: the provider names it, by the provider's attribute; the token program checks its mint.
    #[account(mut)]
    pub payout: UncheckedAccount<'info>,
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

impl ClaimReward<'_> {
    fn validate(&self, lifetime: Payment, proof: &[Hash]) -> Result<()> {
        // actor: signs, by its type.
        // provider, rewards, reward_vault: by their seeds.
        // payout: the provider's, by the provider's attribute.
        // token_program: by its type.
        let leaf = merkle::leaf::<Syscall>(&self.provider.key().to_bytes(), lifetime);
        let last = &self.rewards.last;
        // Before the first epoch the root is 32 zero bytes, where no proof leads.
        let proven = last.index > 0 && merkle::climb::<Syscall>(leaf, proof) == last.root;
        require!(proven, MiraError::InvalidProof);
        Ok(())
    }

    /// Claims up to `amount`, the provider's lifetime reward, which `proof` leads from to the root.
    pub fn handle(ctx: Context<ClaimReward>, amount: u64, proof: &[Hash]) -> Result<()> {
        let lifetime = Payment::new(amount);
        ctx.accounts.validate(lifetime, proof)?;
        let now = Clock::get()?.unix_timestamp;
        let ClaimReward { actor, provider, payout, rewards, reward_vault, .. } = &mut *ctx.accounts;
        let (books, before) = (provider.to_core()?, rewards.to_core()?);
        let claimed = match can_receive(payout, reward_vault)? {
            true => books.claim_reward(lifetime, now),
            false => books.claim_reward_shared(lifetime),
        };
        let claimed = claimed.map_err(MiraError::from)?;
        let after = before.claim(claimed.amount, claimed.owner).map_err(MiraError::from)?;
        let signer: &[&[u8]] = &[seeds::REWARDS, &[rewards.bump]];
        vault::pay_out(reward_vault, payout, &rewards.to_account_info(), signer, claimed.owner.get())?;
        provider.apply(&claimed.provider)?;
        rewards.apply(&after)?;

        let event = RewardClaimed {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: actor.key(),
            payout: payout.key(),
            epoch: rewards.last.index,
            amount: claimed.amount.get(),
            owner_amount: claimed.owner.get(),
            shared_amount: claimed.shared.get(),
            provider_claimed_before: books.claimed.get(),
            provider_claimed_after: provider.claimed,
            reward_index_before: books.reward_index.get(),
            reward_index_after: provider.reward_index,
            rewards_claimed_before: before.claimed.get(),
            rewards_claimed_after: rewards.claimed,
            rewards_paid_out_after: rewards.paid_out,
        };
        emit_cpi!(event);
        Ok(())
    }
}
