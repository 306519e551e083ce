//! Who staked with whom: stake, tickets, what was earned, and what a lost dispute took from the owner.
//!
//! The provider numbers these events, so its fold comes first and finds the gaps.

use mira_chain::event::body::{
    DelegationRewardClaimed, DisputeResolved, StakeAdded, StakeWithdrawn, UnstakeCancelled, UnstakeRequested,
};
use mira_core::Error;
use mira_core::amount::{Payment, Shares};
use mira_core::dispute::Verdict;
use mira_core::position::Ticket;
use mira_core::reward::RewardIndex;
use mira_store::model::{Ordinal, StakePositionRow};

use super::error::{Cause, agree};
use super::provider;
use super::rows::Rows;
use super::value::verdict;

pub(super) fn stake_added(rows: &mut Rows, e: &StakeAdded, at: &Ordinal) -> Result<(), Cause> {
    provider::stake_added(rows, e, at)?;
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    row.closed = false;
    accrue(row, e.reward_index)?;
    row.shares = row.shares.checked_add(Shares::new(e.shares))?;
    agree("position_shares_after", Shares::new(e.position_shares_after), row.shares)?;
    agree("position_owed_after", Payment::new(e.position_owed_after), row.reward_owed)
}

pub(super) fn unstake_requested(rows: &mut Rows, e: &UnstakeRequested, at: &Ordinal) -> Result<(), Cause> {
    provider::unstake_requested(rows, e, at)?;
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    accrue(row, e.reward_index)?;
    row.shares = row.shares.checked_sub(Shares::new(e.shares))?;
    row.tickets.push(Ticket { shares: Shares::new(e.shares), unlock_ts: e.unlock_ts });
    agree("position_shares_after", Shares::new(e.position_shares_after), row.shares)?;
    agree("position_owed_after", Payment::new(e.position_owed_after), row.reward_owed)
}

pub(super) fn unstake_cancelled(rows: &mut Rows, e: &UnstakeCancelled, at: &Ordinal) -> Result<(), Cause> {
    provider::unstake_cancelled(rows, e, at)?;
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    accrue(row, e.reward_index)?;
    let index = usize::from(e.ticket);
    let back = Ticket { shares: Shares::new(e.shares), unlock_ts: e.unlock_ts };
    agree("ticket", Some(&back), row.tickets.get(index))?;
    row.tickets.remove(index);
    row.shares = row.shares.checked_add(back.shares)?;
    agree("position_shares_after", Shares::new(e.position_shares_after), row.shares)?;
    agree("position_owed_after", Payment::new(e.position_owed_after), row.reward_owed)
}

pub(super) fn stake_withdrawn(rows: &mut Rows, e: &StakeWithdrawn, at: &Ordinal) -> Result<(), Cause> {
    provider::stake_withdrawn(rows, e, at)?;
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    // Tickets that are alike cannot be told apart, so any of them leaves the same list.
    let burned = Ticket { shares: Shares::new(e.shares), unlock_ts: e.unlock_ts };
    let index = row.tickets.iter().position(|ticket| *ticket == burned).ok_or(Error::NoSuchTicket)?;
    row.tickets.remove(index);
    close(row, e.closed)
}

pub(super) fn delegation_claimed(rows: &mut Rows, e: &DelegationRewardClaimed, at: &Ordinal) -> Result<(), Cause> {
    provider::delegation_claimed(rows, e, at)?;
    let row = rows.position(e.provider.to_bytes(), e.staker.to_bytes(), e.provider_seq, at)?;
    accrue(row, e.reward_index)?;
    agree("amount", Payment::new(e.amount), row.reward_owed)?;
    row.reward_owed = Payment::ZERO;
    close(row, e.closed)
}

/// The owner's position pays first. An owner that has none pays nothing, and a dispute that was not
/// upheld leaves it alone.
pub(super) fn dispute_resolved(rows: &mut Rows, e: &DisputeResolved, at: &Ordinal) -> Result<(), Cause> {
    let key = e.provider.to_bytes();
    let owner = rows.provider(key)?.owner;
    let index = RewardIndex::new(e.reward_index);
    let Some(row) = rows.open_position(key, owner) else {
        agree("burned_shares", e.burned_shares, 0)?;
        agree("reward_index", index, RewardIndex::ZERO)?;
        return agree("owner_owed_after", e.owner_owed_after, 0);
    };
    if verdict(e.verdict)? != Verdict::Upheld {
        agree("burned_shares", e.burned_shares, 0)?;
        agree("reward_index", index, row.reward_entry)?;
        return agree("owner_owed_after", Payment::new(e.owner_owed_after), row.reward_owed);
    }
    agree("reward_index", index, rows.provider(key)?.reward_index)?;
    let row = rows.position(key, owner, e.provider_seq, at)?;
    accrue(row, e.reward_index)?;
    row.shares = row.shares.checked_sub(Shares::new(e.burned_shares))?;
    agree("own_shares_after", Shares::new(e.own_shares_after), row.shares)?;
    agree("owner_owed_after", Payment::new(e.owner_owed_after), row.reward_owed)
}

/// Books what the active shares have earned since the position last looked.
fn accrue(row: &mut StakePositionRow, index: u128) -> Result<(), Cause> {
    let index = RewardIndex::new(index);
    let earned = index.earned_floor(row.reward_entry, row.shares)?;
    row.reward_owed = row.reward_owed.checked_add(earned)?;
    row.reward_entry = index;
    Ok(())
}

/// A payment that leaves nothing behind closes the account.
fn close(row: &mut StakePositionRow, closed: bool) -> Result<(), Cause> {
    let empty = row.shares.is_zero() && row.tickets.is_empty() && row.reward_owed.is_zero();
    agree("closed", closed, empty)?;
    row.closed = closed;
    Ok(())
}
