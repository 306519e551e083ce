//! A server on a database of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use mira_api::dispatch::Keep;
use mira_api::{Api, ApiConfig, IndexHealth, Limits, Running};
use mira_core::Hash;
use mira_store::model::{Projection, RawEvent, Set};
use mira_store::scratch::Scratch;
use mira_store::{SqliteStore, Store};
use mira_wire::client::{ApiClient, NodeClient};
use mira_wire::clock::Clock;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::rows;

/// A running server with everything around it.
pub struct World {
    pub store: Arc<dyn Store>,
    pub client: ApiClient,
    pub health: watch::Sender<IndexHealth>,
    pub shutdown: CancellationToken,
    pub running: Running,
    /// What the server was started with.
    pub config: ApiConfig,
    now_ms: Arc<AtomicU64>,
    folder: TempDir,
}

/// How a server is to be started.
pub struct Setup {
    pub rows: Vec<Projection>,
    pub limits: Limits,
    pub rpc_url: String,
    pub engine: mira_dispatch::Config,
    /// What the dispatcher keeps of its log.
    pub keep: Keep,
    /// Whether requests are answered before they are written.
    pub write_behind: bool,
    /// How many pages the database may have; `None` for as many as the disk has.
    pub pages: Option<Arc<AtomicU32>>,
    /// Where the blobs are; `None` for a folder of the server's own.
    pub blobs: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            rows: vec![rows::network().into(), rows::provider().into(), rows::job().into(), rows::lease().into()],
            limits: Limits::default(),
            // Nothing listens there: these tests need no chain.
            rpc_url: "http://127.0.0.1:1".to_owned(),
            engine: mira_dispatch::Config { seed: [7; 32], ..mira_dispatch::Config::default() },
            keep: Keep::default(),
            write_behind: false,
            pages: None,
            blobs: None,
        }
    }
}

/// The 64 bytes of a keypair file.
pub fn keypair_bytes(key: &SigningKey) -> [u8; 64] {
    key.to_keypair_bytes()
}

impl World {
    /// A server with the network, a provider, a job and a lease.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A server with these rows.
    pub async fn with_rows(rows: Vec<Projection>) -> Self {
        Self::with(Setup { rows, ..Setup::default() }).await
    }

    /// A server.
    pub async fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::sqlite(folder.path());
        let store: Arc<dyn Store> = match setup.pages {
            Some(pages) => Arc::new(SqliteStore::open_within(scratch.url(), pages).await.unwrap()),
            None => scratch.open().await.unwrap(),
        };
        if !setup.rows.is_empty() {
            rows::write(&*store, setup.rows, Vec::new()).await;
        }
        let now_ms = Arc::new(AtomicU64::new(u64::try_from(rows::NOW).unwrap() * 1_000));
        let (health, receiver) = watch::channel(IndexHealth {
            ready: true,
            slot: Some(90),
            tip: Some(93),
            detail: "as the test says".to_owned(),
        });
        let shutdown = CancellationToken::new();
        let config = ApiConfig {
            bind: "127.0.0.1:0".parse().unwrap(),
            store: store.clone(),
            blobs_dir: setup.blobs.unwrap_or_else(|| folder.path().join("blobs")),
            dispatcher: keypair_bytes(&rows::signer(rows::DISPATCHER)),
            rpc_url: setup.rpc_url,
            program_id: rows::PROGRAM,
            engine: setup.engine,
            dispatch_poll: Duration::from_millis(20),
            dispatch_hold: mira_api::dispatch::settings::HOLD,
            dispatch_keep: setup.keep,
            write_behind: setup.write_behind,
            health: receiver,
            clock: clock(&now_ms),
            limits: setup.limits,
        };
        let running = Api::spawn(config.clone(), shutdown.clone()).await.unwrap();
        let client = client(&running.url(), &now_ms);
        Self { store, client, health, shutdown, running, config, now_ms, folder }
    }

    /// The client of a node that signs as `signer`.
    pub fn node(&self, signer: u8) -> NodeClient {
        self.client.node(Arc::new(rows::signer(signer)))
    }

    /// A client of another server with the same clock.
    pub fn client_of(&self, url: &str) -> ApiClient {
        client(url, &self.now_ms)
    }

    /// Moves the server's and the clients' clock.
    pub fn pass(&self, by: Duration) {
        self.now_ms.fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Unix milliseconds now.
    pub fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    /// Writes rows and events as one more slot.
    pub async fn write(&self, rows: Vec<Projection>, events: Vec<RawEvent>) {
        rows::write(&*self.store, rows, events).await;
    }

    /// Where everything of this server is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the blobs are.
    pub fn blobs(&self) -> std::path::PathBuf {
        self.folder.path().join("blobs")
    }

    /// All that a request could change, for comparing before and after.
    pub async fn state(&self) -> State {
        State {
            projections: self.store.state_digest(Set::Live, rows::STREAM).await.unwrap().hash,
            vouchers: format!("{:?}", self.store.voucher_history(&rows::LEASE, 100).await.unwrap()),
            usage: format!("{:?}", self.store.usage(&rows::LEASE, 0, 100).await.unwrap()),
            dispatch_inputs: self.store.last_dispatch_seq().await.unwrap(),
            blobs: files(&self.blobs()),
        }
    }

    /// Stops the server and waits until it has.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.stopped().await;
        self.store.close().await;
    }
}

/// What requests can change.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    pub projections: Hash,
    pub vouchers: String,
    pub usage: String,
    pub dispatch_inputs: u64,
    pub blobs: usize,
}

/// How many files there are in a folder and below.
pub fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

fn clock(now_ms: &Arc<AtomicU64>) -> Clock {
    let now_ms = now_ms.clone();
    Arc::new(move || now_ms.load(Ordering::Relaxed))
}

fn client(url: &str, now_ms: &Arc<AtomicU64>) -> ApiClient {
    let numbers = Arc::new(AtomicU64::new(1));
    let nonces = Arc::new(move || {
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&numbers.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Ok(nonce)
    });
    ApiClient::new(url).unwrap().with_sources(clock(now_ms), nonces)
}
