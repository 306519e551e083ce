//! Jobs: what they ask for, and their escrow's books through funding, leases, settlement and closing.

use mira_chain::event::body::{
    JobClosed, JobClosing, JobCreated, JobExtended, JobFunded, JobUpdated, LeaseOpened, LeaseReleased, LeaseSettled,
};
use mira_core::Error;
use mira_core::amount::{Payment, Stake, UnitPrice};
use mira_store::model::{JobRow, JobState, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::{bps, tier, unit_kind};

fn key(job: &Pubkey) -> ProjectionKey {
    ProjectionKey::Job { job: job.to_bytes() }
}

pub(super) fn created(rows: &mut Rows, e: &JobCreated, at: &Ordinal) -> Result<(), Cause> {
    rows.create(JobRow {
        job: e.job.to_bytes(),
        requester: e.requester.to_bytes(),
        job_id: e.job_id,
        voucher_signer: e.voucher_signer.to_bytes(),
        dispatcher: e.dispatcher.map(|key| key.to_bytes()),
        spec_hash: e.spec_hash,
        tier: tier(e.tier)?,
        unit_kind: unit_kind(e.unit_kind)?,
        max_unit_price: UnitPrice::new(e.max_unit_price),
        funded: Payment::ZERO,
        committed: Payment::ZERO,
        paid: Payment::ZERO,
        refunded: Payment::ZERO,
        foreign_amount: Payment::ZERO,
        min_provider_stake: Stake::new(e.min_provider_stake),
        max_share: bps("max_share_bps", e.max_share_bps)?,
        max_leases: e.max_leases,
        open_leases: 0,
        leases_total: 0,
        created_at: e.created_at,
        deadline: e.deadline,
        young_until: e.young_until,
        due_at: e.due_at,
        closing_at: None,
        status: JobState::Open,
        seq: e.job_seq,
        ord: *at,
    })
}

pub(super) fn funded(rows: &mut Rows, e: &JobFunded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("funded_before", Payment::new(e.funded_before), row.funded)?;
    row.funded = row.funded.checked_add(Payment::new(e.amount))?;
    agree("funded_after", Payment::new(e.funded_after), row.funded)
}

pub(super) fn extended(rows: &mut Rows, e: &JobExtended, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("deadline_before", e.deadline_before, row.deadline)?;
    row.deadline = e.deadline_after;
    row.due_at = e.due_at_after;
    Ok(())
}

pub(super) fn updated(rows: &mut Rows, e: &JobUpdated, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("voucher_signer_before", e.voucher_signer_before.to_bytes(), row.voucher_signer)?;
    agree("dispatcher_before", e.dispatcher_before.map(|key| key.to_bytes()), row.dispatcher)?;
    row.voucher_signer = e.voucher_signer_after.to_bytes();
    row.dispatcher = e.dispatcher_after.map(|key| key.to_bytes());
    Ok(())
}

pub(super) fn lease_opened(rows: &mut Rows, e: &LeaseOpened, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("job_committed_before", Payment::new(e.job_committed_before), row.committed)?;
    agree("nonce", e.nonce, row.leases_total)?;
    row.committed = row.committed.checked_add(Payment::new(e.cap))?;
    row.open_leases = row.open_leases.checked_add(1).ok_or(Error::MathOverflow)?;
    row.leases_total = row.leases_total.checked_add(1).ok_or(Error::MathOverflow)?;
    agree("job_committed_after", Payment::new(e.job_committed_after), row.committed)
}

pub(super) fn lease_settled(rows: &mut Rows, e: &LeaseSettled, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("job_paid_before", Payment::new(e.job_paid_before), row.paid)?;
    agree("job_committed_before", Payment::new(e.job_committed_before), row.committed)?;
    row.paid = row.paid.checked_add(Payment::new(e.gross))?;
    row.committed = row.committed.checked_sub(Payment::new(e.gross))?;
    agree("job_paid_after", Payment::new(e.job_paid_after), row.paid)?;
    agree("job_committed_after", Payment::new(e.job_committed_after), row.committed)
}

pub(super) fn lease_released(rows: &mut Rows, e: &LeaseReleased, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("job_committed_before", Payment::new(e.job_committed_before), row.committed)?;
    row.committed = row.committed.checked_sub(Payment::new(e.returned))?;
    row.open_leases = row.open_leases.checked_sub(1).ok_or(Error::MathOverflow)?;
    agree("job_committed_after", Payment::new(e.job_committed_after), row.committed)?;
    agree("job_open_leases_after", e.job_open_leases_after, row.open_leases)
}

pub(super) fn closing(rows: &mut Rows, e: &JobClosing, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    row.status = JobState::Closing;
    row.closing_at = Some(e.closing_at);
    Ok(())
}

pub(super) fn closed(rows: &mut Rows, e: &JobClosed, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut JobRow = rows.next(key(&e.job), e.job_seq, at)?;
    agree("funded", Payment::new(e.funded), row.funded)?;
    agree("paid", Payment::new(e.paid), row.paid)?;
    agree("open_leases", 0, row.open_leases)?;
    row.refunded = row.refunded.checked_add(Payment::new(e.refunded))?;
    row.foreign_amount = Payment::new(e.foreign);
    row.status = JobState::Closed;
    // Nothing may be left: what was neither paid nor refunded would be lost with the account.
    let left = row.funded.checked_sub(row.paid)?.checked_sub(row.refunded)?;
    agree("left in escrow", left, Payment::ZERO)?;
    agree("committed", row.committed, Payment::ZERO)
}
