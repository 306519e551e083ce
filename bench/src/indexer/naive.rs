//! The design that is not used: every event loads its rows, changes them and writes them, in a transaction of
//! its own, through the same store. What batches and the rows kept in memory are worth is the ratio to it.

use super::database::{Database, Engine};
use super::ledger::{self, decode};
use super::rebuild::Once;
use crate::clock::Stopwatch;
use crate::number::per_second;
use mira_core::Hash;
use mira_indexer::STREAM;
use mira_indexer::apply::{Rows, fold, keys_of, owners_of};
use mira_store::Store;
use mira_store::model::Set;
use serde::Serialize;

/// The share of the run's events that is folded one by one: it would take hours for all.
const SHARE: u64 = 100;
/// Fewer than that say little.
const LEAST: u64 = 2_000;
/// A rebuild has to be faster by this much. An event by itself costs some seven statements and a commit, which
/// a rebuild shares among thousands of events. How much that is worth depends on the disk and the server; even where
/// both cost next to nothing it is more than this.
const FASTER: u64 = 5;

/// What it came to, on one ledger.
#[derive(Serialize)]
pub struct Naive {
    /// Events in that ledger, one in a slot, so that their places are the order in which they happened.
    pub events: u64,
    /// Events in a second, one by one.
    pub per_second: u64,
    /// How many times faster the rebuild of the run's whole ledger is. Not that of this small one: emptying and
    /// swapping the tables takes half a second on some servers, whatever is in them, which would be most of it.
    pub ratio: u64,
    #[serde(skip)]
    hashes: [Hash; 2],
}

/// Folds a small ledger event by event, and compares with a rebuild of the whole one.
///
/// # Errors
/// The database does not work.
pub async fn measure(engine: &Engine, seed: u64, events: u64, rebuild: &Once) -> anyhow::Result<Naive> {
    let events = (events / SHARE).max(LEAST);
    let database = Database::new(engine).await?;
    ledger::record(&database, seed, events, 1).await?;
    let store = &*database.store;
    let live = store.state_digest(Set::Live, STREAM).await?.hash;
    store.clear_shadow().await?;
    let watch = Stopwatch::start();
    one_by_one(store).await?;
    let took = watch.elapsed();
    let hashes = [live, store.state_digest(Set::Shadow, STREAM).await?.hash];
    database.drop().await?;
    let per_second = per_second(events, took);
    Ok(Naive { events, per_second, ratio: rebuild.per_second() / per_second.max(1), hashes })
}

async fn one_by_one(store: &dyn Store) -> anyhow::Result<()> {
    let mut after = None;
    while let Some(event) = store.events_after(after, None, 1).await?.pop() {
        after = Some(event.ord);
        let placed = [decode(&event)?];
        let mut rows = Rows::default();
        rows.insert(store.load(Set::Shadow, &keys_of(&placed[0].event)).await?);
        rows.insert(store.load(Set::Shadow, &owners_of(&placed, &rows)).await?);
        fold(&mut rows, &placed)?;
        store.write_shadow(&rows.take_changed()).await?;
    }
    Ok(())
}

impl Naive {
    /// What must not be.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let [live, one_by_one] = self.hashes;
        if live != one_by_one {
            findings.push("folding one by one gives another hash than the indexer's rows".to_owned());
        }
        if self.ratio < FASTER {
            let (ratio, naive) = (self.ratio, self.per_second);
            findings.push(format!("rebuild is {ratio} times as fast as one by one ({naive} events/s), not {FASTER}"));
        }
        findings
    }
}
