//! `withdraw_stake`: burns a matured ticket and pays its value.
//!
//! Promises: pays the staker and nobody else, to any account if the staker signs and to its
//! associated account if a stranger cranks; never leaves the leases' exposure uncovered; an emptied
//! position closes and its rent goes to the staker. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, StakeWithdrawn};
use crate::guard::payee::require_payee;
use crate::seeds;
use crate::state::{Config, Provider, StakePosition};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

/// The accounts of `withdraw_stake`.
#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawStake<'info> {
    /// The staker, or anyone.
    pub actor: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider staked on.
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
    /// Whose stake it is; gets the rent of an emptied position.
    /// CHECK: the position names it, by the position's attribute.
    #[account(mut)]
    pub staker: UncheckedAccount<'info>,
    /// Where the stake goes.
    #[account(mut)]
    pub destination: Box<Account<'info, TokenAccount>>,
    /// Holds all stake.
    /// CHECK: the network's, by its address.
    #[account(mut, address = config.stake_vault @ MiraError::WrongAccount)]
    pub stake_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl WithdrawStake<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // config: by its seeds.
        // provider: the position's, whose seeds hold its address.
        // stake_vault: the network's, by its address.
        // position: of this provider and staker, by its seeds and its attributes.
        // staker: the position's, by the position's attribute.
        // token_program: by its type.
        require_payee(&self.destination, self.staker.key, self.actor.key, &self.config.stake_mint)
    }

    /// Burns the ticket at index `ticket` of the position.
    pub fn handle(ctx: Context<WithdrawStake>, ticket: u8) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let WithdrawStake { actor, config, provider, position, staker, destination, stake_vault, .. } =
            &mut *ctx.accounts;
        let before = provider.to_core()?;
        let withdrawn = before.withdraw_stake(&position.to_core(), ticket, now).map_err(MiraError::from)?;
        let amount = withdrawn.amount.get();
        let signer: &[&[u8]] = &[seeds::CONFIG, &[config.bump]];
        let (to, authority) = (destination.to_account_info(), config.to_account_info());
        vault::pay_out(stake_vault, &to, &authority, signer, amount)?;
        provider.apply(&withdrawn.provider)?;
        position.apply(&withdrawn.position)?;

        let event = StakeWithdrawn {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            actor: actor.key(),
            staker: staker.key(),
            shares: withdrawn.ticket.shares.get(),
            amount,
            total_stake_before: before.pool.total_stake.get(),
            total_stake_after: provider.total_stake,
            total_shares_after: provider.total_shares,
            unbonding_shares_after: provider.unbonding_shares,
            unlock_ts: withdrawn.ticket.unlock_ts,
            closed: withdrawn.position.is_empty(),
        };
        if withdrawn.position.is_empty() {
            position.close(staker.to_account_info())?;
        }
        emit_cpi!(event);
        Ok(())
    }
}
