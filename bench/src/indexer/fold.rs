//! Decoding and folding alone: no database, one core.

use super::ledger::{Feed, PER_SLOT, decode};
use crate::clock::Stopwatch;
use crate::number::per_second;
use mira_indexer::apply::{Rows, fold};
use mira_store::model::{Projection, state_hash};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What it came to.
#[derive(Serialize)]
pub struct Folded {
    /// Events in a second, from typed events to rows.
    pub fold_per_second: u64,
    /// Events in a second, from the ledger's bytes to rows.
    pub decode_and_fold_per_second: u64,
    /// How many events of each kind there were.
    pub events: BTreeMap<&'static str, u64>,
    /// How many rows of each table they gave.
    pub rows: BTreeMap<&'static str, u64>,
    /// Their hash, hexadecimal: what every other way has to give.
    pub hash: String,
}

/// Folds the ledger of a seed, a batch at a time, so that it need not be in memory.
///
/// # Errors
/// An event that does not fold: the ledger is not what the program would say.
pub fn measure(seed: u64, events: u64) -> anyhow::Result<Folded> {
    let (mut decoding, mut folding) = (Duration::ZERO, Duration::ZERO);
    let (mut rows, mut kinds) = (Rows::default(), BTreeMap::new());
    for batch in Feed::new(seed, events, PER_SLOT) {
        let watch = Stopwatch::start();
        let placed = batch.events.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
        decoding += watch.elapsed();
        let watch = Stopwatch::start();
        fold(&mut rows, &placed)?;
        folding += watch.elapsed();
        for placed in &placed {
            *kinds.entry(placed.event.name()).or_default() += 1;
        }
    }
    Ok(Folded {
        fold_per_second: per_second(events, folding),
        decode_and_fold_per_second: per_second(events, decoding + folding),
        events: kinds,
        rows: tables(rows.iter()),
        hash: hex::encode(state_hash(rows.iter())),
    })
}

fn tables<'a>(rows: impl Iterator<Item = &'a Projection>) -> BTreeMap<&'static str, u64> {
    let mut tables = BTreeMap::new();
    rows.for_each(|row| *tables.entry(row.key().table().name()).or_default() += 1);
    tables
}
