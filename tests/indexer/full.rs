//! A full disk under the index: the cursor stands still and says why, nothing that was committed is lost, and
//! it goes on by itself when there is room.

use crate::disk::SmallDisk;
use crate::harness::With;
use libtest_mimic::Trial;
use mira_indexer::prove::prove;
use mira_indexer::rebuild::verify;
use mira_indexer::{Config, Health, Indexer, NotReady, STREAM, SourceKind};
use mira_store::model::Set;
use mira_store::scratch::Scratch;
use mira_store::{SqliteStore, Store};
use mira_testkit::network::Network;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub fn trials() -> Vec<Trial> {
    trials![async: a_file_that_may_not_grow].with(trials![mount: a_small_disk])
}

const LONG: Duration = Duration::from_secs(60);
/// As many pages as nobody needs.
const ROOM: u32 = 1 << 30;

async fn a_file_that_may_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let pages = Arc::new(AtomicU32::new(ROOM));
    let url = Scratch::sqlite(folder.path()).url().to_owned();
    let store = Arc::new(SqliteStore::open_within(&url, pages.clone()).await.unwrap());
    story(11, store, "mira.sqlite", || pages.store(1, Ordering::Release), || pages.store(ROOM, Ordering::Release))
        .await;
}

async fn a_small_disk() {
    let disk = SmallDisk::mount(12);
    let store = Scratch::sqlite(disk.path()).open().await.unwrap();
    story(12, store, "mira.sqlite", || disk.fill(), || disk.free()).await;
}

/// Indexes a chain on which things happen while the disk is full; `place` is how the database is called.
pub(crate) async fn story(seed: u64, store: Arc<dyn Store>, place: &str, fill: impl Fn(), free: impl Fn()) {
    let network = Network::start(seed).await;
    let shutdown = CancellationToken::new();
    let config = Config { poll: Duration::from_millis(20), source: SourceKind::Blocks, ..Config::default() };
    let urls = [network.rpc.url()];
    let handle = Indexer::spawn_over(config.clone(), store.clone(), &urls, shutdown.clone()).expect("an endpoint");
    network.furnish().await;
    let furnished = network.slot().await;
    tokio::time::timeout(LONG, handle.reached(furnished)).await.expect("in time").expect("not stopped");

    fill();
    let mut health = handle.health.clone();
    let full = |health: &Health| health.trouble.as_ref().is_some_and(|trouble| trouble.contains("no room is left"));
    let seen = tokio::time::timeout(LONG, health.wait_for(full)).await.expect("it fills up").unwrap().clone();
    let Err(NotReady::Trouble(reason)) = seen.ready(u64::MAX) else { panic!("{seen:?}") };
    assert!(reason.contains(place) && reason.contains("free space on its disk"), "{reason}");
    let committed = seen.cursor;
    network.story().await;
    let stored = store.cursor(STREAM).await.unwrap().unwrap().slot;
    assert!(stored >= committed && stored >= Some(furnished), "{stored:?} {committed:?}");

    free();
    let slot = network.slot().await;
    tokio::time::timeout(LONG, handle.reached(slot)).await.expect("it goes on by itself").expect("not stopped");
    shutdown.cancel();
    handle.task.await.unwrap();
    assert!(verify(store.as_ref()).await.unwrap().matches());
    let report = prove(store.as_ref()).await.unwrap();
    assert!(report.is_whole() && report.linked, "{:?}", report.named);
    let hash = store.state_digest(Set::Live, STREAM).await.unwrap();
    store.close().await;

    // An index that never lacked room has the same rows.
    let folder = tempfile::tempdir().unwrap();
    let other = Scratch::sqlite(folder.path()).open().await.unwrap();
    let shutdown = CancellationToken::new();
    let late = Indexer::spawn_over(config, other.clone(), &urls, shutdown.clone()).expect("an endpoint");
    let cursor = hash.cursor.unwrap();
    tokio::time::timeout(LONG, late.reached(cursor)).await.expect("in time").expect("not stopped");
    shutdown.cancel();
    late.task.await.unwrap();
    assert_eq!(other.state_digest(Set::Live, STREAM).await.unwrap().hash, hash.hash);
    other.close().await;
    network.chain.shutdown().await;
}
