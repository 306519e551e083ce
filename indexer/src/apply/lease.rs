//! Leases: opening, settlement, closing, release, end.

use mira_chain::event::body::{LeaseClosed, LeaseEnded, LeaseOpened, LeaseReleased, LeaseSettled};
use mira_core::amount::{Payment, Stake, UnitPrice, Units};
use mira_core::fee::settlement;
use mira_store::model::{LeaseRow, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::{bps, seconds_between};

fn key(lease: &Pubkey) -> ProjectionKey {
    ProjectionKey::Lease { lease: lease.to_bytes() }
}

pub(super) fn opened(rows: &mut Rows, e: &LeaseOpened, at: &Ordinal) -> Result<(), Cause> {
    let requester = rows.job(e.job.to_bytes())?.requester;
    rows.create(LeaseRow {
        lease: e.lease.to_bytes(),
        job: e.job.to_bytes(),
        provider: e.provider.to_bytes(),
        nonce: e.nonce,
        requester,
        voucher_signer: e.voucher_signer.to_bytes(),
        operator: e.operator.to_bytes(),
        matcher: e.matcher.to_bytes(),
        unit_price: UnitPrice::new(e.unit_price),
        fee: bps("fee_bps", e.fee_bps)?,
        cap: Payment::new(e.cap),
        exposure: Stake::new(e.exposure),
        settled: Payment::ZERO,
        fee_paid: Payment::ZERO,
        units: Units::ZERO,
        returned: Payment::ZERO,
        opened_at: e.opened_at,
        expires_at: e.expires_at,
        // A job takes leases only while it is open, so the lease's own end sets these deadlines.
        grace_secs: seconds_between("settle_until", e.expires_at, e.settle_until)?,
        dispute_window_secs: seconds_between("dispute_until", e.settle_until, e.dispute_until)?,
        settle_until: e.settle_until,
        dispute_until: e.dispute_until,
        rent_payer: e.rent_payer.to_bytes(),
        released: false,
        ended: false,
        seq: e.lease_seq,
        ord: *at,
    })
}

pub(super) fn settled(rows: &mut Rows, e: &LeaseSettled, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("settled_before", Payment::new(e.settled_before), row.settled)?;
    agree("units_before", Units::new(e.units_before), row.units)?;
    let moved = settlement(row.settled, Payment::new(e.settled_after), row.fee)?;
    agree("gross", Payment::new(e.gross), moved.gross)?;
    agree("fee", Payment::new(e.fee), moved.fee)?;
    agree("released", false, row.released)?;
    agree("settled_after ≤ cap", Payment::new(e.settled_after) <= row.cap, true)?;
    agree("units_after ≥ units_before", e.units_after >= e.units_before, true)?;
    row.settled = Payment::new(e.settled_after);
    row.fee_paid = row.fee_paid.checked_add(moved.fee)?;
    row.units = Units::new(e.units_after);
    Ok(())
}

pub(super) fn closed(rows: &mut Rows, e: &LeaseClosed, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("settle_until_before", e.settle_until_before, row.settle_until)?;
    row.settle_until = e.settle_until_after;
    row.dispute_until = e.dispute_until_after;
    Ok(())
}

pub(super) fn released(rows: &mut Rows, e: &LeaseReleased, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("released before", false, row.released)?;
    agree("returned", Payment::new(e.returned), row.cap.checked_sub(row.settled)?)?;
    row.returned = Payment::new(e.returned);
    row.settle_until = e.settle_until;
    row.dispute_until = e.dispute_until;
    row.released = true;
    Ok(())
}

pub(super) fn ended(rows: &mut Rows, e: &LeaseEnded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("exposure", Stake::new(e.exposure), row.exposure)?;
    agree("released", row.released, true)?;
    row.ended = true;
    Ok(())
}
