//! Leases: opening, settlement, closing, disputes, release, end.

use mira_chain::event::body::{
    DisputeOpened, DisputeResolved, LeaseClosed, LeaseEnded, LeaseOpened, LeaseReleased, LeaseSettled,
};
use mira_core::amount::{Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::dispute::Verdict;
use mira_core::fee::settlement;
use mira_store::model::{LeaseRow, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rows::Rows;
use super::value::{bps, seconds_between, verdict};
use super::{fee_shard, job, provider, stake_position};

fn key(lease: &Pubkey) -> ProjectionKey {
    ProjectionKey::Lease { lease: lease.to_bytes() }
}

pub(super) fn opened(rows: &mut Rows, e: &LeaseOpened, at: &Ordinal) -> Result<(), Cause> {
    job::lease_opened(rows, e, at)?;
    provider::lease_opened(rows, e, at)?;
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
        stake_per_million: StakePerMillion::new(e.stake_per_million),
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
        disputed: false,
        challenged: false,
        bond: Stake::ZERO,
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
    job::lease_settled(rows, e, at)?;
    fee_shard::lease_settled(rows, e, at)
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
    job::lease_released(rows, e, at)
}

pub(super) fn ended(rows: &mut Rows, e: &LeaseEnded, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("exposure", Stake::new(e.exposure), row.exposure)?;
    agree("released", row.released, true)?;
    agree("disputed", row.disputed, false)?;
    row.ended = true;
    provider::lease_ended(rows, e, at)
}

pub(super) fn disputed(rows: &mut Rows, e: &DisputeOpened, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("challenged before", false, row.challenged)?;
    agree("exposure", Stake::new(e.exposure), row.exposure)?;
    row.disputed = true;
    row.challenged = true;
    row.bond = Stake::new(e.bond);
    Ok(())
}

pub(super) fn dispute_resolved(rows: &mut Rows, e: &DisputeResolved, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut LeaseRow = rows.next(key(&e.lease), e.lease_seq, at)?;
    agree("disputed before", true, row.disputed)?;
    agree("bond", Stake::new(e.bond), row.bond)?;
    row.disputed = false;
    row.bond = Stake::ZERO;
    let freed = match verdict(e.verdict)? {
        Verdict::Upheld => std::mem::take(&mut row.exposure),
        Verdict::Rejected | Verdict::Dismissed => Stake::ZERO,
    };
    provider::dispute_resolved(rows, e, freed, at)?;
    stake_position::dispute_resolved(rows, e, at)
}
