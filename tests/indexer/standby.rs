//! Two indexers as processes on one database and a real chain: one works, the other waits, and each follows the
//! other.

use crate::cli::process::{Mira, Serving};
use crate::harness::With;
use libtest_mimic::Trial;
use mira_indexer::rebuild::verify;
use mira_indexer::{Config, Indexer, STREAM};
use mira_store::Store;
use mira_store::model::{Cursor, Set};
use mira_store::scratch::Scratch;
use mira_testkit::network::Network;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub fn trials() -> Vec<Trial> {
    trials![async: two_replicas_follow_each_other_on_sqlite]
        .with(trials![postgres: two_replicas_follow_each_other_on_postgres])
}

const LONG: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(20);

async fn two_replicas_follow_each_other_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::sqlite(folder.path());
    follow_each_other(&scratch).await;
}

async fn two_replicas_follow_each_other_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    follow_each_other(&scratch).await;
    scratch.drop().await.unwrap();
}

/// A chain, a database, and what this test sees of it.
struct Scene {
    network: Network,
    url: String,
    store: Arc<dyn Store>,
    jobs: u32,
}

impl Scene {
    /// `mira indexer` on the database.
    fn indexer(&self) -> Serving {
        let rpc = self.network.rpc.url();
        let command = Mira::new().args(["indexer", "--rpc", &rpc, "--database", &self.url]);
        command.args(["--poll-ms", "20", "--hold-ms", "3000"]).serve()
    }

    /// Waits until the cursor is as it should be.
    async fn cursor(&self, what: &str, is: impl Fn(&Cursor) -> bool) -> Cursor {
        let seen = async {
            loop {
                match self.store.cursor(STREAM).await.unwrap() {
                    Some(cursor) if is(&cursor) => return cursor,
                    _ => tokio::time::sleep(LOOK).await,
                }
            }
        };
        tokio::time::timeout(LONG, seen).await.unwrap_or_else(|_| panic!("{what}: not in time"))
    }

    /// A job with a lease that is settled; waits until the holder of a fence has indexed it.
    async fn work(&mut self, fence: u64) -> Cursor {
        self.jobs += 1;
        let job = self.network.job(self.jobs).await;
        let lease = self.network.lease(job, 0, 20_000).await;
        self.network.settle(job, lease, 5_000).await;
        let slot = self.network.slot().await;
        let reached = self.cursor("the work is indexed", |cursor| cursor.slot >= Some(slot)).await;
        assert_eq!(reached.fence, fence, "somebody else indexed it: {reached:?}");
        reached
    }

    /// Pauses a process between two transactions: in the middle of one it would keep SQLite's lock, and nobody
    /// could go on until it does.
    async fn pause(&self, process: &Serving) {
        loop {
            process.signal("STOP");
            let write = self.store.forget_old(0, 0);
            if tokio::time::timeout(Duration::from_secs(2), write).await.is_ok() {
                return;
            }
            process.signal("CONT");
        }
    }
}

async fn follow_each_other(scratch: &Scratch) {
    let network = Network::start(11).await;
    network.furnish().await;
    let store = scratch.open().await.unwrap();
    let mut scene = Scene { network, url: scratch.url().to_owned(), store, jobs: 0 };

    let mut first = scene.indexer();
    scene.cursor("the first holds the stream", |cursor| cursor.fence == 1).await;
    let mut second = scene.indexer();
    second.line("standby: waits for the indexer that holds this database with fence 1").await;
    scene.work(1).await;

    scene.pause(&first).await;
    scene.cursor("the second takes over", |cursor| cursor.fence == 2).await;
    scene.work(2).await;
    // The first goes on where it was paused, with blocks that it had fetched: nothing of it counts.
    first.signal("CONT");
    first.line("standby: waits for the indexer that holds this database with fence 2").await;
    let before = scene.work(2).await;
    scene.cursor("the second is still alive", |cursor| cursor.beat > before.beat && cursor.fence == 2).await;

    second.interrupt().await;
    scene.cursor("the first takes over again", |cursor| cursor.fence == 3).await;
    scene.work(3).await;
    first.interrupt().await;
    let end = scene.cursor("the first has ended", |cursor| cursor.beat.is_none()).await;
    assert_eq!(end.fence, 3);

    let folder = tempfile::tempdir().unwrap();
    equals_a_fresh_index(&scene, end.slot.unwrap(), folder.path()).await;
    scene.store.close().await;
    scene.network.chain.shutdown().await;
}

async fn equals_a_fresh_index(scene: &Scene, slot: u64, folder: &Path) {
    let fresh = Scratch::sqlite(folder).open().await.unwrap();
    let shutdown = CancellationToken::new();
    let config = Config { poll: LOOK, ..Config::default() };
    let running = Indexer::spawn(config, fresh.clone(), scene.network.rpc.clone(), shutdown.clone());
    tokio::time::timeout(LONG, running.reached(slot)).await.unwrap().unwrap();
    shutdown.cancel();
    running.task.await.unwrap();

    let store = scene.store.as_ref();
    let events = store.events_after(None, None, 10_000).await.unwrap();
    assert!(events.len() > 30, "{} events", events.len());
    assert!(events == fresh.events_after(None, Some(slot), 10_000).await.unwrap(), "the ledgers differ");
    let hash = store.state_digest(Set::Live, STREAM).await.unwrap().hash;
    assert_eq!(hash, fresh.state_digest(Set::Live, STREAM).await.unwrap().hash, "the rows differ");
    assert!(verify(store).await.unwrap().matches());
}
