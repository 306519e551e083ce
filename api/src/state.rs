//! What all handlers share.

use std::ops::Deref;
use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use mira_core::Key;
use mira_store::Store;
use mira_store::model::NetworkRow;
use mira_wire::clock::Clock;
use mira_wire::{Context, Kind, Page, Reply, Time};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::auth::Sessions;
use crate::blobs::Blobs;
use crate::config::Limits;
use crate::dispatch;
use crate::docs::Docs;
use crate::health::IndexHealth;
use crate::problem::{ApiProblem, Result};

/// The state of a server. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The parts of the state.
pub struct Shared {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The blobs.
    pub blobs: Blobs,
    /// The dispatcher.
    pub dispatch: dispatch::Handle,
    /// How far the index is.
    pub health: watch::Receiver<IndexHealth>,
    /// The clock.
    pub clock: Clock,
    /// What a request may take.
    pub limits: Limits,
    /// The program.
    pub program_id: Key,
    /// The dispatcher's public key: what a job has to name.
    pub dispatcher: Key,
    /// The metrics.
    pub metrics: PrometheusHandle,
    /// One permit per event stream that may still be opened.
    pub streams: Arc<Semaphore>,
    /// Cancelled when the server stops: ends streams and long polls.
    pub shutdown: CancellationToken,
    /// How often nodes are asked to say that they are there: the dispatcher suspends who misses three.
    pub heartbeat_ms: u32,
    /// Tokens of routing.
    pub sessions: Sessions,
    /// The documents about the API itself.
    pub docs: Docs,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl From<Shared> for AppState {
    fn from(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Shared {
    /// Unix milliseconds now.
    pub fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    /// Unix milliseconds now, as the store writes them.
    pub fn now_signed_ms(&self) -> i64 {
        Time::from_unsigned_ms(self.now_ms()).ms()
    }

    /// Where the index stands. Taken before the data is read, so that the data is at least that new.
    pub fn context(&self) -> Context {
        self.health.borrow().context()
    }

    /// The network.
    ///
    /// # Errors
    /// `network-not-found` before `initialize` was seen.
    pub async fn network(&self) -> Result<NetworkRow> {
        self.store
            .network()
            .await?
            .ok_or_else(|| ApiProblem::new(Kind::NetworkNotFound, "wait for the index, or run `mira doctor`"))
    }
}

/// A reply with one thing.
pub fn reply<T>(context: Context, data: T) -> axum::Json<Reply<T>> {
    axum::Json(Reply { context, data })
}

/// A reply with a page of things.
pub fn page<T>(context: Context, data: Vec<T>, next_cursor: Option<String>) -> axum::Json<Page<T>> {
    axum::Json(Page { context, data, next_cursor })
}
