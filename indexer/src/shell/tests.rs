//! The shell on a real SQLite file and a source that misbehaves.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::apply::{PlacedEvent, Rows, fold};
use crate::check::Books;
use crate::rebuild::{rebuild, verify};
use crate::testing::{Chain, FakeSource, Move, moves};
use mira_chain::source::BlockFetch;
use mira_core::Hash;
use mira_store::Store;
use mira_store::model::{Projection, Set, SlotState, state_hash};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config as RunnerConfig, RngSeed, TestRunner};
use tempfile::TempDir;

const CLUSTER: Hash = [7; 32];
const LONG: Duration = Duration::from_secs(20);

struct World {
    folder: TempDir,
    store: Arc<dyn Store>,
    source: Arc<FakeSource>,
    chain: Chain,
    turns: std::vec::IntoIter<Move>,
}

impl World {
    /// A furnished chain in slot 5, and nothing indexed yet.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = mira_store::open(&format!("sqlite:{}", folder.path().join("mira.sqlite").display())).await.unwrap();
        let source = Arc::new(FakeSource::new(CLUSTER));
        let mut chain = Chain::furnished(CLUSTER);
        source.block(5, chain.take_raw(5));
        let config = RunnerConfig { rng_seed: RngSeed::Fixed(3), ..RunnerConfig::default() };
        let turns = moves(2_000).new_tree(&mut TestRunner::new(config)).unwrap().current();
        Self { folder, store, source, chain, turns: turns.into_iter() }
    }

    /// Plays some moves and puts their events into a block.
    fn play(&mut self, slot: u64) {
        self.turns.by_ref().take(40).for_each(|turn| self.chain.play(turn));
        self.source.block(slot, self.chain.take_raw(slot));
    }

    fn spawn(&self) -> (Handle, CancellationToken) {
        self.spawn_over(Source::Blocks(self.source.clone()))
    }

    fn spawn_over(&self, source: Source) -> (Handle, CancellationToken) {
        self.spawn_with(source, Config::default().hold)
    }

    fn spawn_holding(&self, hold: Duration) -> (Handle, CancellationToken) {
        self.spawn_with(Source::Blocks(self.source.clone()), hold)
    }

    fn spawn_with(&self, source: Source, hold: Duration) -> (Handle, CancellationToken) {
        let shutdown = CancellationToken::new();
        let (poll, confirmed) = (Duration::from_millis(2), matches!(source, Source::Blocks(_)));
        let config = Config { start_slot: Some(5), poll, concurrency: 3, confirmed, hold, ..Config::default() };
        (Indexer::spawn_from(config, self.store.clone(), source, shutdown.clone()), shutdown)
    }

    /// Indexes up to a slot in a process of its own.
    async fn index(&self, slot: u64) {
        finish(self.spawn(), slot).await;
    }

    async fn hash(&self) -> Hash {
        self.store.state_digest(Set::Live, STREAM).await.unwrap().hash
    }

    /// Waits until the confirmed rows are those of some.
    async fn confirmed(&self, rows: &[Projection]) {
        let wait = async {
            let expected = state_hash(rows);
            while self.store.state_digest(Set::Confirmed, STREAM).await.unwrap().hash != expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, wait).await.unwrap();
    }

    async fn cursor(&self) -> Option<u64> {
        self.store.cursor(STREAM).await.unwrap().and_then(|cursor| cursor.slot)
    }
}

/// Waits for a slot, then shuts down.
async fn finish((handle, shutdown): (Handle, CancellationToken), slot: u64) {
    tokio::time::timeout(LONG, handle.reached(slot)).await.unwrap().unwrap();
    assert_eq!(handle.health.borrow().stopped, None);
    shutdown.cancel();
    handle.task.await.unwrap();
}

async fn stopped(handle: &Handle) -> Stopped {
    let mut health = handle.health.clone();
    let seen = tokio::time::timeout(LONG, health.wait_for(|health| health.stopped.is_some())).await.unwrap().unwrap();
    seen.stopped.clone().unwrap()
}

#[tokio::test]
async fn what_is_indexed_in_pieces_equals_what_is_indexed_at_once_and_what_is_rebuilt() {
    let (mut pieces, mut whole) = (World::new().await, World::new().await);
    for slot in [6, 7, 9, 12, 13, 40, 41] {
        pieces.play(slot);
        whole.play(slot);
        pieces.index(slot).await;
    }
    whole.index(41).await;
    assert_eq!(pieces.hash().await, whole.hash().await);

    let report = verify(whole.store.as_ref()).await.unwrap();
    assert!(report.matches() && report.events > 30, "{report:?}");
    assert_eq!(report.rebuilt, pieces.hash().await);
    let rebuilt = rebuild(whole.store.as_ref()).await.unwrap();
    assert!(rebuilt.matches());
    assert_eq!((rebuilt.events, rebuilt.rebuilt), (report.events, whole.hash().await));

    let skipped = whole.store.chain_slot(20).await.unwrap().unwrap();
    assert_eq!(skipped.state, SlotState::ProvenSkipped);
    let books = Books::load(whole.store.as_ref()).await.unwrap();
    assert_eq!(books.providers.len(), whole.chain.ledger.providers.len());
    assert!(whole.folder.path().exists());
}

#[tokio::test]
async fn a_block_left_out_stops_until_it_is_shown() {
    let mut world = World::new().await;
    [6, 7, 8].into_iter().for_each(|slot| world.play(slot));
    world.source.hide(&[7]);
    let (handle, shutdown) = world.spawn();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("unproved_skip", true));
    assert!(handle.health.borrow().ready(u64::MAX).is_err());
    assert_eq!(world.cursor().await, Some(6));
    world.source.hide(&[]);
    tokio::time::timeout(LONG, handle.reached(8)).await.unwrap().unwrap();
    assert_eq!(handle.health.borrow().ready(0), Ok(()));
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_understood_stops_for_good() {
    let mut world = World::new().await;
    [6, 7, 8].into_iter().for_each(|slot| world.play(slot));
    world.source.undecodable(7);
    let (handle, shutdown) = world.spawn();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("undecodable_block", false));
    assert!(matches!(handle.reached(8).await, Err(WaitError::Stopped(_))));
    assert_eq!(world.cursor().await, Some(6));
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn a_missing_event_stops_and_nothing_of_its_batch_is_stored() {
    let mut world = World::new().await;
    world.index(5).await;
    let before = world.hash().await;
    for slot in [6, 7] {
        world.chain.open(1, 100 * slot).unwrap_or_default();
        world.chain.settle(1, slot, slot).unwrap();
        world.source.block(slot, world.chain.take_raw(slot));
    }
    world.source.change(6, |block| block.events.truncate(1));
    let (handle, shutdown) = world.spawn();
    assert_eq!(stopped(&handle).await.code, "event_does_not_fit");
    assert_eq!((world.cursor().await, world.hash().await), (Some(5), before));
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn forged_events_are_counted() {
    let mut world = World::new().await;
    world.play(6);
    world.source.change(6, |block| block.forged = 2);
    let (handle, shutdown) = world.spawn();
    tokio::time::timeout(LONG, handle.reached(6)).await.unwrap().unwrap();
    assert_eq!((handle.health.borrow().forged, handle.health.borrow().blocks), (2, 2));
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_trouble_and_passes() {
    let mut world = World::new().await;
    world.play(6);
    world.source.set_down(true);
    let (handle, shutdown) = world.spawn();
    let mut health = handle.health.clone();
    tokio::time::timeout(LONG, health.wait_for(|health| health.trouble.is_some())).await.unwrap().unwrap();
    world.source.set_down(false);
    tokio::time::timeout(LONG, handle.reached(6)).await.unwrap().unwrap();
    tokio::time::timeout(LONG, health.wait_for(|health| health.ready(0).is_ok())).await.unwrap().unwrap();
    world.source.answer(7, Some(BlockFetch::Unavailable { reason: "pruned".to_owned() }));
    world.play(7);
    assert_eq!(stopped(&handle).await.code, "unavailable_slot");
    world.source.answer(7, None);
    tokio::time::timeout(LONG, handle.reached(7)).await.unwrap().unwrap();
    shutdown.cancel();
    handle.task.await.unwrap();
}

/// The rows that the events of a slot change, over those of slot 5.
fn rows_over(first: &[PlacedEvent], events: &[PlacedEvent]) -> Vec<Projection> {
    let mut rows = Rows::default();
    fold(&mut rows, first).unwrap();
    rows.take_changed();
    fold(&mut rows, events).unwrap();
    rows.take_changed()
}

#[tokio::test]
async fn confirmed_rows_follow_the_fork_and_go_with_finality() {
    let mut world = World::new().await;
    let first = Chain::furnished(CLUSTER).take(5);
    let mut other = world.chain.clone();
    world.chain.open(1, 500).unwrap();
    other.open(1, 700).unwrap();
    let (ours, theirs) = (world.chain.clone().take(7), other.clone().take(7));

    world.source.confirm(7, 1, world.chain.clone().take_raw(7));
    let (handle, shutdown) = world.spawn();
    world.confirmed(&rows_over(&first, &ours)).await;
    // The same slot, another fork.
    world.source.confirm(7, 2, other.take_raw(7));
    world.confirmed(&rows_over(&first, &theirs)).await;
    // What does not fit empties the overlay and stops nothing.
    let mut events = world.chain.clone().take_raw(7);
    events[0].discriminator = [0xee; 8];
    world.source.confirm(7, 3, events);
    world.confirmed(&[]).await;
    let before = world.hash().await;
    world.source.confirm(8, 1, world.chain.clone().take_raw(8));
    world.source.block(8, world.chain.take_raw(8));
    tokio::time::timeout(LONG, handle.reached(8)).await.unwrap().unwrap();
    world.confirmed(&[]).await;
    assert_ne!(world.hash().await, before);
    shutdown.cancel();
    handle.task.await.unwrap();
}

#[tokio::test]
async fn another_cluster_is_refused() {
    let world = World::new().await;
    world.index(5).await;
    world.source.set_cluster([8; 32]);
    let (handle, shutdown) = world.spawn();
    assert_eq!(stopped(&handle).await.code, "wrong_cluster");
    shutdown.cancel();
    handle.task.await.unwrap();
}

mod endpoints;
mod gaps;
mod signatures;
mod standby;
