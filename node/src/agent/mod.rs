//! The running node: what its tasks share, and the tasks.
//!
//! - [`heartbeat`] tells the dispatcher that the node lives, and takes proposals and vouchers from its answers.
//! - [`accept`] judges a proposal, signs it and opens the lease.
//! - [`worker`] pulls shards, one at a time per slot; [`shard`] runs one.
//! - [`reporter`] signs usage reports, one after the other per lease.
//! - [`settler`] cashes vouchers and sees leases to their end.
//!
//! Every fact goes through the journal before it has an effect outside. A task that fails ends the node; what passes by itself is retried
//! inside the tasks.

mod accept;
mod heartbeat;
mod reporter;
mod settler;
mod shard;
mod worker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mira_core::Key;
use mira_core::amount::Payment;
use mira_wire::client::NodeClient;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::cache::BlobCache;
use crate::chain::ChainLink;
use crate::config::NodeConfig;
use crate::error::NodeError;
use crate::executor::Executor;
use crate::journal::{Book, Journal, JournalError, Record};
use crate::policy;

/// How long to wait after an error that passes by itself.
const RETRY: Duration = Duration::from_millis(500);

/// What all tasks of a node share.
pub(crate) struct Agent {
    pub config: NodeConfig,
    pub client: NodeClient,
    pub chain: ChainLink,
    pub journal: Arc<Journal>,
    pub cache: BlobCache,
    pub executor: Arc<dyn Executor>,
    /// No new work; finish, report, settle, stop.
    pub drain: CancellationToken,
    /// Stop now, as a crash would.
    pub kill: CancellationToken,
    pub counters: Counters,
    /// Shards running, by lease.
    in_flight: Mutex<BTreeMap<Key, u32>>,
    /// Something changed that may allow pulling.
    work: Notify,
    /// Something may be worth a report.
    report: Notify,
    /// Something may be worth settling.
    settle: Notify,
}

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub shards_done: AtomicU32,
    pub accepted: AtomicU32,
    pub suspended: AtomicBool,
    pub offer_wanted: AtomicBool,
    pub settle_ms: Mutex<Vec<u64>>,
}

impl Agent {
    pub fn new(
        config: NodeConfig,
        client: NodeClient,
        chain: ChainLink,
        journal: Journal,
        cache: BlobCache,
        executor: Arc<dyn Executor>,
        drain: CancellationToken,
    ) -> Self {
        let counters = Counters { offer_wanted: AtomicBool::new(true), ..Counters::default() };
        Self {
            config,
            client,
            chain,
            journal: Arc::new(journal),
            cache,
            executor,
            drain,
            kill: CancellationToken::new(),
            counters,
            in_flight: Mutex::default(),
            work: Notify::new(),
            report: Notify::new(),
            settle: Notify::new(),
        }
    }

    /// Writes a fact that `make` derives from the book, off the async threads, because it waits for the disk. While the
    /// disk is full it waits for room: what is not written must have no effect outside.
    async fn record_with(
        &self,
        make: impl Fn(&Book) -> Option<Record> + Send + Sync + 'static,
    ) -> Result<Option<Record>, NodeError> {
        let make = Arc::new(make);
        loop {
            let (journal, make) = (Arc::clone(&self.journal), Arc::clone(&make));
            let written = tokio::task::spawn_blocking(move || journal.append_with(|book| make(book))).await;
            match written.map_err(|e| NodeError::Task(e.to_string()))? {
                Err(error @ JournalError::Full { .. }) => tracing::error!(%error, "nothing can be recorded"),
                other => return Ok(other?),
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn record(&self, record: Record) -> Result<(), NodeError> {
        self.record_with(move |_| Some(record)).await.map(|_| ())
    }

    /// The leases to ask for work under.
    fn pullable(&self) -> Vec<Key> {
        let (window, now) = (Payment::new(self.config.credit_window), self.config.now_secs());
        self.journal.read(|book| {
            let may = book.live().filter(|(_, lease)| policy::may_pull(lease, window, now));
            may.map(|(key, _)| *key).collect()
        })
    }

    pub fn in_flight(&self) -> u32 {
        self.running().values().sum()
    }

    fn in_flight_of(&self, lease: &Key) -> u32 {
        self.running().get(lease).copied().unwrap_or(0)
    }

    /// Counts a shard as running until the guard is dropped.
    fn begin(self: &Arc<Self>, lease: Key) -> Running {
        *self.running().entry(lease).or_default() += 1;
        Running { agent: Arc::clone(self), lease }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, u32>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A shard that is running.
struct Running {
    agent: Arc<Agent>,
    lease: Key,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.agent.running();
        if let Some(count) = running.get_mut(&self.lease) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(&self.lease);
            }
        }
    }
}

/// Runs the node to its end: until it is drained, killed, or cannot go on.
pub(crate) async fn run(agent: Arc<Agent>) -> Result<(), NodeError> {
    let kill = agent.kill.clone();
    match kill.run_until_cancelled(live(&agent)).await {
        Some(ended) => {
            // Running modules see this and end; nothing else is left.
            agent.kill.cancel();
            ended
        }
        None => Ok(()),
    }
}

async fn live(agent: &Arc<Agent>) -> Result<(), NodeError> {
    shard::resume(agent).await?;
    let background = async {
        tokio::select! {
            ended = heartbeat::run(agent) => ended,
            ended = reporter::run(agent) => ended,
            ended = settler::run(agent) => ended,
        }
    };
    tokio::select! {
        ended = background => ended,
        drained = drained(agent) => drained,
    }
}

/// Works until asked to drain, then sees to it that as much as possible of what was earned is cashed.
async fn drained(agent: &Arc<Agent>) -> Result<(), NodeError> {
    worker::run(agent).await?;
    let deadline = Duration::from_millis(agent.config.drain_wait_ms);
    // The other tasks go on meanwhile: reports leave, vouchers come in.
    let all_vouched = async {
        while agent.journal.read(|book| book.live().any(|(_, lease)| lease.unvouched() > Payment::ZERO)) {
            tokio::time::sleep(RETRY / 5).await;
        }
    };
    if tokio::time::timeout(deadline, all_vouched).await.is_err() {
        tracing::warn!("stopping although vouchers are missing; they can be settled after the next start");
    }
    settler::settle_all(agent).await
}

impl Agent {
    pub(crate) fn suspended(&self) -> bool {
        self.counters.suspended.load(Ordering::Relaxed)
    }
}
