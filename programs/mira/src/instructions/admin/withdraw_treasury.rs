//! `withdraw_treasury`: pays out of the treasury.
//!
//! Promises: only the admin can do it, and never more than final epochs have left to the treasury:
//! neither rewards, nor fees that no epoch has counted, nor tokens that somebody sent there by mistake.

use crate::error::MiraError;
use crate::event::{self, TreasuryWithdrawn};
use crate::seeds;
use crate::state::{Config, RewardState};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::amount::Payment;

/// The accounts of `withdraw_treasury`.
#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawTreasury<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network, the treasury's authority.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The treasury's books.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
    /// The treasury.
    /// CHECK: derived by its seeds.
    #[account(mut, seeds = [seeds::TREASURY], bump = config.treasury_bump)]
    pub treasury: UncheckedAccount<'info>,
    /// Where it goes: any account of the payment mint but the treasury.
    #[account(mut, constraint = destination.mint == config.payment_mint @ MiraError::WrongMint)]
    pub destination: Box<Account<'info, TokenAccount>>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl WithdrawTreasury<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config, rewards, treasury: by their seeds.
        // destination: a classic token account, by its type, of the payment mint, by its attribute; not the
        // treasury, checked here, because the books would then count as gone what is still there.
        // token_program: by its type.
        self.config.require_admin(&self.admin.key())?;
        require_keys_neq!(self.destination.key(), self.treasury.key(), MiraError::WrongAccount);
        Ok(())
    }

    /// Pays `amount` payment base units out.
    pub fn handle(ctx: Context<WithdrawTreasury>, amount: u64) -> Result<()> {
        ctx.accounts.validate()?;
        let WithdrawTreasury { admin, config, rewards, treasury, destination, .. } = &mut *ctx.accounts;
        let before = rewards.to_core()?;
        let after = before.withdraw(Payment::new(amount)).map_err(MiraError::from)?;
        let signer: &[&[u8]] = &[seeds::CONFIG, &[config.bump]];
        vault::pay_out(treasury, &destination.to_account_info(), &config.to_account_info(), signer, amount)?;
        rewards.apply(&after)?;

        let event = TreasuryWithdrawn {
            schema: event::SCHEMA,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: admin.key(),
            destination: destination.key(),
            amount,
            withdrawn_before: before.withdrawn.get(),
            withdrawn_after: rewards.withdrawn,
        };
        emit_cpi!(event);
        Ok(())
    }
}
