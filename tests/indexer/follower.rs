//! An indexer over blocks that a test makes.

use mira_core::Hash;
use mira_indexer::health::Stopped;
use mira_indexer::testing::FakeSource;
use mira_indexer::{Config, Handle, Indexer, STREAM, Source, SourceKind};
use mira_store::Store;
use mira_store::model::Set;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The cluster of the blocks.
pub const CLUSTER: Hash = [7; 32];
/// How long anything may take.
pub const LONG: Duration = Duration::from_secs(30);

/// An indexer over a store and a source.
pub struct Follower {
    pub handle: Handle,
    shutdown: CancellationToken,
}

impl Follower {
    /// From slot 5 on, with these transactions set aside.
    pub fn over(store: &Arc<dyn Store>, source: &Arc<FakeSource>, kind: SourceKind, set_aside: &[[u8; 64]]) -> Self {
        let shutdown = CancellationToken::new();
        let set_aside = set_aside.iter().copied().collect();
        let config = Config { start_slot: Some(5), poll: Duration::from_millis(2), set_aside, ..Config::default() };
        let source = match kind {
            SourceKind::Blocks => Source::Blocks(source.clone()),
            SourceKind::Signatures => Source::Signatures(source.clone()),
        };
        let handle = Indexer::spawn_from(config, store.clone(), source, shutdown.clone());
        Self { handle, shutdown }
    }

    /// Waits for a stop.
    pub async fn stopped(&self) -> Stopped {
        let mut health = self.handle.health.clone();
        let seen = tokio::time::timeout(LONG, health.wait_for(|health| health.stopped.is_some())).await;
        seen.unwrap().unwrap().stopped.clone().unwrap()
    }

    /// Waits for a slot.
    pub async fn reached(&self, slot: u64) {
        tokio::time::timeout(LONG, self.handle.reached(slot)).await.unwrap().unwrap();
    }

    /// Ends it.
    pub async fn end(self) {
        self.shutdown.cancel();
        self.handle.task.await.unwrap();
    }
}

/// How far the index is.
pub async fn cursor(store: &dyn Store) -> Option<u64> {
    store.cursor(STREAM).await.unwrap().and_then(|cursor| cursor.slot)
}

/// The hash of the live rows.
pub async fn hash(store: &dyn Store) -> Hash {
    store.state_digest(Set::Live, STREAM).await.unwrap().hash
}
