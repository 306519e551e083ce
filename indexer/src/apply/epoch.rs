//! Reward epochs: what the authorities approve, and what becomes of it. The reward vault's books number
//! these events; their row has been checked when one of these functions is called.

use mira_chain::event::body::{EpochApproved, EpochCancelled, EpochFinalized};
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Approval;
use mira_core::hash::Sha2;
use mira_store::model::{EpochRow, EpochStatus, Ordinal, ProjectionKey};

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::bps;

pub(super) fn approved(rows: &mut Rows, e: &EpochApproved, at: &Ordinal) -> Result<(), Cause> {
    let epoch = e.epoch.to_core();
    agree("digest", e.digest, epoch.digest::<Sha2>())?;
    let row = rows.epoch(epoch.index, e.rewards_seq, at)?;
    agree("open for approval", true, matches!(row.status, EpochStatus::Proposed | EpochStatus::Dropped))?;
    let authority = e.actor.to_bytes();
    row.approvals.retain(|earlier| earlier.authority != authority);
    row.approvals.push(Approval { authority, digest: e.digest });
    let agreeing = row.approvals.iter().filter(|approval| approval.digest == e.digest).count();
    agree("approvals", usize::from(e.approvals), agreeing)?;
    row.status = if e.pending { EpochStatus::Pending } else { EpochStatus::Proposed };
    row.root = epoch.root;
    row.cumulative_fees = epoch.cumulative_fees;
    row.cumulative_total = epoch.cumulative_total;
    row.report_hash = epoch.report_hash;
    row.digest = e.digest;
    row.share = bps("share_bps", e.share_bps)?;
    row.final_from = e.final_from;
    row.stale_from = e.stale_from;
    Ok(())
}

pub(super) fn cancelled(rows: &mut Rows, e: &EpochCancelled, at: &Ordinal) -> Result<(), Cause> {
    let row = pending(rows, e.index, e.digest, e.rewards_seq, at)?;
    void(row);
    Ok(())
}

/// `fees_before` is what all epochs before this one count; what this one leaves to the treasury is checked.
pub(super) fn finalized(rows: &mut Rows, e: &EpochFinalized, at: &Ordinal) -> Result<(), Cause> {
    let epoch = e.epoch.to_core();
    let row = pending(rows, epoch.index, epoch.digest::<Sha2>(), e.rewards_seq, at)?;
    row.status = EpochStatus::Final;
    row.fees = epoch.cumulative_fees.checked_sub(Payment::new(e.fees_before))?;
    row.to_treasury = Payment::new(e.to_treasury);
    row.finalized_at = Some(e.last_at);
    Ok(())
}

/// Other authorities: what the ones before approved is void.
pub(super) fn authorities_set(rows: &mut Rows, number: u64, seq: u64, at: &Ordinal) -> Result<(), Cause> {
    if rows.epoch_under_way(number) {
        void(rows.epoch(number, seq, at)?);
    }
    Ok(())
}

/// The epoch that a majority approved.
fn pending<'a>(
    rows: &'a mut Rows,
    number: u64,
    digest: [u8; 32],
    seq: u64,
    at: &Ordinal,
) -> Result<&'a mut EpochRow, Cause> {
    if !rows.epoch_under_way(number) {
        return Err(Cause::Unknown { key: ProjectionKey::Epoch { number } });
    }
    let row = rows.epoch(number, seq, at)?;
    agree("status before", EpochStatus::Pending, row.status)?;
    agree("digest", digest, row.digest)?;
    Ok(row)
}

fn void(row: &mut EpochRow) {
    row.status = EpochStatus::Dropped;
    row.approvals.clear();
    row.share = Bps::ZERO;
    row.final_from = 0;
    row.stale_from = 0;
}
