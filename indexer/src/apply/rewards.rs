//! The books of the reward vault and the treasury: sweeps, final epochs, claims, withdrawals.
//!
//! Approvals, cancellations and a change of the authorities move no money: here they only count. What
//! they say goes to the epoch's row.

use mira_chain::event::body::{
    DelegationRewardClaimed, EpochApproved, EpochCancelled, EpochFinalized, FeesSwept, RewardAuthoritiesSet,
    RewardClaimed, TreasuryWithdrawn,
};
use mira_core::Error;
use mira_core::amount::Payment;
use mira_store::model::{Ordinal, RewardsRow};

use super::error::{Cause, agree};
use super::rows::Rows;
use super::{epoch, provider, stake_position};

pub(super) fn swept(rows: &mut Rows, e: &FeesSwept, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    agree("rewards_swept_before", Payment::new(e.rewards_swept_before), row.swept)?;
    row.swept = row.swept.checked_add(Payment::new(e.amount))?;
    agree("rewards_swept_after", Payment::new(e.rewards_swept_after), row.swept)
}

pub(super) fn authorities_set(rows: &mut Rows, e: &RewardAuthoritiesSet, at: &Ordinal) -> Result<(), Cause> {
    let number = next_epoch(rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?)?;
    epoch::authorities_set(rows, number, e.rewards_seq, at)
}

pub(super) fn approved(rows: &mut Rows, e: &EpochApproved, at: &Ordinal) -> Result<(), Cause> {
    let number = next_epoch(rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?)?;
    agree("epoch", e.epoch.index, number)?;
    epoch::approved(rows, e, at)
}

pub(super) fn cancelled(rows: &mut Rows, e: &EpochCancelled, at: &Ordinal) -> Result<(), Cause> {
    let number = next_epoch(rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?)?;
    agree("epoch", e.index, number)?;
    epoch::cancelled(rows, e, at)
}

/// The number of the epoch that comes after the last final one.
fn next_epoch(row: &RewardsRow) -> Result<u64, Cause> {
    Ok(row.epoch.checked_add(1).ok_or(Error::MathOverflow)?)
}

pub(super) fn finalized(rows: &mut Rows, e: &EpochFinalized, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    let (fees, total) = (Payment::new(e.epoch.cumulative_fees), Payment::new(e.epoch.cumulative_total));
    agree("epoch", e.epoch.index, next_epoch(row)?)?;
    agree("fees_before", Payment::new(e.fees_before), row.cumulative_fees)?;
    agree("total_before", Payment::new(e.total_before), row.cumulative_total)?;
    agree("to_treasury_before", Payment::new(e.to_treasury_before), row.to_treasury)?;
    let withheld = fees.checked_sub(row.cumulative_fees)?.checked_sub(total.checked_sub(row.cumulative_total)?)?;
    agree("to_treasury", Payment::new(e.to_treasury), withheld)?;
    row.to_treasury = row.to_treasury.checked_add(withheld)?;
    agree("to_treasury_after", Payment::new(e.to_treasury_after), row.to_treasury)?;
    row.epoch = e.epoch.index;
    row.root = e.epoch.root;
    row.cumulative_fees = fees;
    row.cumulative_total = total;
    row.report_hash = e.epoch.report_hash;
    epoch::finalized(rows, e, at)
}

pub(super) fn claimed(rows: &mut Rows, e: &RewardClaimed, at: &Ordinal) -> Result<(), Cause> {
    provider::reward_claimed(rows, e, at)?;
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    agree("epoch", e.epoch, row.epoch)?;
    agree("rewards_claimed_before", Payment::new(e.rewards_claimed_before), row.claimed)?;
    row.claimed = row.claimed.checked_add(Payment::new(e.amount))?;
    row.paid_out = row.paid_out.checked_add(Payment::new(e.owner_amount))?;
    agree("rewards_claimed_after", Payment::new(e.rewards_claimed_after), row.claimed)?;
    agree("rewards_paid_out_after", Payment::new(e.rewards_paid_out_after), row.paid_out)
}

pub(super) fn delegation_claimed(rows: &mut Rows, e: &DelegationRewardClaimed, at: &Ordinal) -> Result<(), Cause> {
    stake_position::delegation_claimed(rows, e, at)?;
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    agree("rewards_paid_out_before", Payment::new(e.rewards_paid_out_before), row.paid_out)?;
    row.paid_out = row.paid_out.checked_add(Payment::new(e.amount))?;
    agree("rewards_paid_out_after", Payment::new(e.rewards_paid_out_after), row.paid_out)?;
    agree("paid_out ≤ claimed", row.paid_out <= row.claimed, true)
}

pub(super) fn treasury_withdrawn(rows: &mut Rows, e: &TreasuryWithdrawn, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    agree("withdrawn_before", Payment::new(e.withdrawn_before), row.withdrawn)?;
    row.withdrawn = row.withdrawn.checked_add(Payment::new(e.amount))?;
    agree("withdrawn_after", Payment::new(e.withdrawn_after), row.withdrawn)?;
    agree("withdrawn ≤ to_treasury", row.withdrawn <= row.to_treasury, true)
}
