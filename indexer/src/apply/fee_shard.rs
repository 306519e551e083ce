//! Fee shards: what settlements left in them and what sweeps took out.

use mira_chain::event::body::{FeeShardInitialized, FeesSwept, LeaseSettled};
use mira_core::amount::Payment;
use mira_store::model::{FeeShardRow, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rewards;
use super::rows::Rows;

fn key(fee_shard: &Pubkey) -> ProjectionKey {
    ProjectionKey::FeeShard { fee_shard: fee_shard.to_bytes() }
}

pub(super) fn initialized(rows: &mut Rows, e: &FeeShardInitialized, at: &Ordinal) -> Result<(), Cause> {
    rows.create(FeeShardRow {
        fee_shard: e.fee_shard.to_bytes(),
        shard: e.shard,
        collected: Payment::ZERO,
        swept: Payment::ZERO,
        seq: e.fee_shard_seq,
        ord: *at,
    })
}

pub(super) fn lease_settled(rows: &mut Rows, e: &LeaseSettled, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut FeeShardRow = rows.next(key(&e.fee_shard), e.fee_shard_seq, at)?;
    agree("fee_collected_before", Payment::new(e.fee_collected_before), row.collected)?;
    row.collected = row.collected.checked_add(Payment::new(e.fee))?;
    agree("fee_collected_after", Payment::new(e.fee_collected_after), row.collected)
}

pub(super) fn swept(rows: &mut Rows, e: &FeesSwept, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut FeeShardRow = rows.next(key(&e.fee_shard), e.fee_shard_seq, at)?;
    agree("fee_swept_before", Payment::new(e.fee_swept_before), row.swept)?;
    row.swept = row.swept.checked_add(Payment::new(e.amount))?;
    agree("fee_swept_after", Payment::new(e.fee_swept_after), row.swept)?;
    agree("swept ≤ collected", row.swept <= row.collected, true)?;
    rewards::swept(rows, e, at)
}
