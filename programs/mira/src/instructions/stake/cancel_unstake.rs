//! `cancel_unstake`: makes the shares of an unbonding ticket active again.
//!
//! Promises: only the staker can do it, before the ticket matures or after; the shares back leases and
//! earn rewards from now on, not for the time they were in the ticket. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, UnstakeCancelled};
use crate::seeds;
use crate::state::{Provider, StakePosition};
use anchor_lang::prelude::*;

/// The accounts of `cancel_unstake`.
#[event_cpi]
#[derive(Accounts)]
pub struct CancelUnstake<'info> {
    /// Whose stake it is.
    pub staker: Signer<'info>,
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

impl CancelUnstake<'_> {
    fn validate(&self) -> Result<()> {
        // staker: signs, by its type; owns the position, by its attribute.
        // provider: a provider, by its type; position is derived from its address.
        // position: of this provider and staker, by its seeds and its attributes.
        Ok(())
    }

    /// Takes the ticket at index `ticket` of the position back.
    pub fn handle(ctx: Context<CancelUnstake>, ticket: u8) -> Result<()> {
        ctx.accounts.validate()?;
        let CancelUnstake { staker, provider, position, .. } = &mut *ctx.accounts;
        let before = provider.to_core()?;
        let by_owner = staker.key() == provider.owner;
        let cancelled = before.cancel_unstake(&position.to_core(), ticket, by_owner).map_err(MiraError::from)?;
        provider.apply(&cancelled.provider)?;
        position.apply(&cancelled.position)?;

        let event = UnstakeCancelled {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            staker: staker.key(),
            shares: cancelled.ticket.shares.get(),
            unlock_ts: cancelled.ticket.unlock_ts,
            ticket,
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
