//! `stake`: adds stake to a provider's pool.
//!
//! Promises: anyone may stake on any provider; shares are bought against the pool's own books, never
//! against the vault's balance, so that tokens sent to the vault move nobody's share; the position
//! belongs to the staker and to nobody else.

use crate::error::MiraError;
use crate::event::{self, StakeAdded};
use crate::seeds;
use crate::state::{Config, Provider, StakePosition};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::amount;

/// The accounts of `stake`.
#[event_cpi]
#[derive(Accounts)]
pub struct Stake<'info> {
    /// Whose stake it is; pays, and pays the position's rent the first time.
    #[account(mut)]
    pub staker: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider staked on.
    #[account(mut)]
    pub provider: Box<Account<'info, Provider>>,
    /// The staker's position, made here the first time.
    #[account(
        init_if_needed,
        payer = staker,
        space = StakePosition::SPACE,
        seeds = [seeds::STAKE, provider.key().as_ref(), staker.key().as_ref()],
        bump,
    )]
    pub position: Box<Account<'info, StakePosition>>,
    /// Where the stake comes from: a stake-mint account that the staker may spend from.
    #[account(mut, constraint = from.mint == config.stake_mint @ MiraError::WrongMint)]
    pub from: Box<Account<'info, TokenAccount>>,
    /// Holds all stake.
    /// CHECK: the network's, by its address.
    #[account(mut, address = config.stake_vault @ MiraError::WrongAccount)]
    pub stake_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl Stake<'_> {
    fn validate(&self) -> Result<()> {
        // staker: signs, by its type.
        // config: by its seeds.
        // provider: a provider, by its type; only `register_provider` makes one, at the address of its owner.
        // stake_vault: the network's, by its address.
        // position: of this provider and staker, by its seeds: only this instruction makes one, and with these two.
        // from: of the stake mint, by its attribute; the token program checks that the staker may spend.
        // token_program, system_program: by their types.
        self.config.require_running()
    }

    /// Takes `amount` stake base units in and books the shares that they buy.
    pub fn handle(ctx: Context<Stake>, amount: u64) -> Result<()> {
        ctx.accounts.validate()?;
        let bump = ctx.bumps.position;
        let Stake { staker, provider, position, from, stake_vault, .. } = &mut *ctx.accounts;
        position.provider = provider.key();
        position.staker = staker.key();
        position.bump = bump;

        let before = provider.to_core()?;
        let by_owner = staker.key() == provider.owner;
        let staked =
            before.stake(&position.to_core(), amount::Stake::new(amount), by_owner).map_err(MiraError::from)?;
        vault::pay_in(&from.to_account_info(), stake_vault, staker, amount)?;
        provider.apply(&staked.provider)?;
        position.apply(&staked.position)?;

        let event = StakeAdded {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            staker: staker.key(),
            amount,
            shares: staked.shares.get(),
            total_stake_before: before.pool.total_stake.get(),
            total_stake_after: provider.total_stake,
            total_shares_after: provider.total_shares,
            position_shares_after: position.shares,
            own_shares_after: provider.own_shares,
            reward_index: provider.reward_index,
            position_owed_after: position.reward_owed,
        };
        emit_cpi!(event);
        Ok(())
    }
}
