//! `request_unstake`: moves active shares of a position into an unbonding ticket.
//!
//! Promises: only the staker can do it; the shares back no new lease from now on but stay slashable
//! until they are withdrawn; with open leases the owner cannot go under the network's minimum.

use crate::error::MiraError;
use crate::event::{self, UnstakeRequested};
use crate::seeds;
use crate::state::{Config, Provider, StakePosition};
use anchor_lang::prelude::*;
use mira_core::amount::Shares;

/// The accounts of `request_unstake`.
#[event_cpi]
#[derive(Accounts)]
pub struct RequestUnstake<'info> {
    /// Whose stake it is.
    pub staker: Signer<'info>,
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
        has_one = staker @ MiraError::WrongSigner,
        has_one = provider @ MiraError::WrongAccount,
    )]
    pub position: Box<Account<'info, StakePosition>>,
}

impl RequestUnstake<'_> {
    fn validate(&self) -> Result<()> {
        // staker: signs, by its type; owns the position, by its attribute.
        // config: by its seeds.
        // provider: a provider, by its type; position is derived from its address.
        // position: of this provider and staker, by its seeds and its attributes.
        Ok(())
    }

    /// Makes a ticket of `shares` that matures after the network's unbonding time.
    pub fn handle(ctx: Context<RequestUnstake>, shares: u128) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let RequestUnstake { staker, config, provider, position, .. } = &mut *ctx.accounts;
        let before = provider.to_core()?;
        let by_owner = staker.key() == provider.owner;
        let requested = before
            .request_unstake(&position.to_core(), Shares::new(shares), by_owner, now, &config.params()?)
            .map_err(MiraError::from)?;
        provider.apply(&requested.provider)?;
        position.apply(&requested.position)?;

        let event = UnstakeRequested {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            staker: staker.key(),
            shares,
            unlock_ts: requested.ticket.unlock_ts,
            unbonding_shares_before: before.pool.unbonding_shares.get(),
            unbonding_shares_after: provider.unbonding_shares,
            position_shares_after: position.shares,
            own_shares_after: provider.own_shares,
            reward_index: provider.reward_index,
            position_owed_after: position.reward_owed,
        };
        emit_cpi!(event);
        Ok(())
    }
}
