//! An indexer of a test's network, on a store of its own.

use mira_indexer::{Config, Handle, Indexer, STREAM, SourceKind};
use mira_store::Store;
use mira_store::model::Set;
use mira_testkit::network::Network;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);

/// It runs until it is finished.
pub struct Running {
    pub store: Arc<dyn Store>,
    handle: Handle,
    shutdown: CancellationToken,
}

impl Running {
    pub fn on(store: Arc<dyn Store>, network: &Network) -> Self {
        Self::over(store, network, SourceKind::Blocks, 1)
    }

    /// As if the chain had several endpoints.
    pub fn over(store: Arc<dyn Store>, network: &Network, source: SourceKind, endpoints: usize) -> Self {
        let config = Config { poll: Duration::from_millis(20), source, ..Config::default() };
        Self::with(config, store, &vec![network.rpc.url(); endpoints])
    }

    /// With everything as the test says.
    pub fn with(config: Config, store: Arc<dyn Store>, urls: &[String]) -> Self {
        let shutdown = CancellationToken::new();
        let handle = Indexer::spawn_over(config, store.clone(), urls, shutdown.clone()).expect("endpoints");
        Self { store, handle, shutdown }
    }

    /// Waits for a slot.
    pub async fn reached(&self, slot: u64) {
        tokio::time::timeout(LONG, self.handle.reached(slot)).await.expect("in time").expect("not stopped");
    }

    /// Waits for a slot, then stops; gives the state's hash.
    pub async fn finish(self, slot: u64) -> [u8; 32] {
        self.reached(slot).await;
        assert_eq!(self.handle.health.borrow().forged, 0);
        self.shutdown.cancel();
        self.handle.task.await.unwrap();
        self.store.state_digest(Set::Live, STREAM).await.unwrap().hash
    }
}
