//! Who staked with whom: `StakeAdded`, `UnstakeRequested`, `StakeWithdrawn`.
//!
//! The provider numbers these events, so its fold comes first and finds the gaps.

use mira_chain::event::body::{StakeAdded, StakeWithdrawn, UnstakeRequested};
use mira_core::Error;
use mira_core::amount::Shares;
use mira_core::position::Ticket;
use mira_store::model::Ordinal;

use super::error::{Cause, agree};
use super::rows::Rows;

pub(super) fn stake_added(rows: &mut Rows, e: &StakeAdded, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    row.shares = row.shares.checked_add(Shares::new(e.shares))?;
    agree("position_shares_after", Shares::new(e.position_shares_after), row.shares)
}

pub(super) fn unstake_requested(rows: &mut Rows, e: &UnstakeRequested, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    row.shares = row.shares.checked_sub(Shares::new(e.shares))?;
    row.tickets.push(Ticket { shares: Shares::new(e.shares), unlock_ts: e.unlock_ts });
    agree("position_shares_after", Shares::new(e.position_shares_after), row.shares)
}

pub(super) fn stake_withdrawn(rows: &mut Rows, e: &StakeWithdrawn, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    // Tickets that are alike cannot be told apart, so any of them leaves the same list.
    let burned = Ticket { shares: Shares::new(e.shares), unlock_ts: e.unlock_ts };
    let index = row.tickets.iter().position(|ticket| *ticket == burned).ok_or(Error::NoSuchTicket)?;
    row.tickets.remove(index);
    Ok(())
}
