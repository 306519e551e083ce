//! Starting and stopping a node.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use mira_core::amount::Payment;
use mira_core::label::Label;
use mira_wire::client::ApiClient;
use mira_wire::node::MAX_SLOTS;
use mira_wire::request::RequestSigner;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::agent::{self, Agent};
use crate::cache::BlobCache;
use crate::chain::ChainLink;
use crate::config::NodeConfig;
use crate::error::NodeError;
use crate::executor::Executor;
use crate::journal::Journal;

/// The journal's name in the data folder.
pub const JOURNAL_FILE: &str = "journal";
/// The cache's name in the data folder.
pub const CACHE_FOLDER: &str = "blobs";

/// How often to look whether the last task has let go of the journal.
const CLOSE_POLL: Duration = Duration::from_millis(5);

/// A provider's node.
#[derive(Debug)]
pub struct Node;

/// A running node. Dropping it stops the node as [`NodeHandle::kill`] does.
pub struct NodeHandle {
    agent: Arc<Agent>,
    task: Option<JoinHandle<Result<(), NodeError>>>,
}

/// What a node is doing, and what it did since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeStatus {
    /// Shards running.
    pub in_flight: u32,
    /// Leases that exist on chain and are not over.
    pub live_leases: usize,
    /// Shards run to a result.
    pub shards_done: u32,
    /// Results that the dispatcher accepted.
    pub accepted: u32,
    /// Whether the dispatcher gives no work for now.
    pub suspended: bool,
    /// Earned without a voucher, payment base units.
    pub unvouched: u64,
    /// Vouched for and not settled, payment base units.
    pub unsettled: u64,
    /// Transactions that landed.
    pub transactions: u64,
    /// What they cost, lamports.
    pub fees_lamports: u64,
    /// How long each settlement took from signing to confirmation, in milliseconds.
    pub settle_ms: Vec<u64>,
}

impl Node {
    /// Checks the settings, replays the journal and starts the node. Cancelling `shutdown` drains it.
    ///
    /// # Errors
    /// [`NodeError`]: a setting that cannot work, a chain or a provider that is not the right one, a journal that cannot be used.
    pub async fn spawn(
        config: NodeConfig,
        executor: Arc<dyn Executor>,
        shutdown: CancellationToken,
    ) -> Result<NodeHandle, NodeError> {
        check(&config)?;
        let folder_error = |source| NodeError::Folder { path: config.data_dir.clone(), source };
        tokio::fs::create_dir_all(&config.data_dir).await.map_err(folder_error)?;
        let journal = Journal::open(&config.data_dir.join(JOURNAL_FILE))?;
        let cache = BlobCache::open(&config.data_dir.join(CACHE_FOLDER), config.cache_bytes).map_err(folder_error)?;
        let chain = ChainLink::connect(&config.rpc_url, Arc::clone(&config.operator), config.provider).await?;
        let signer: Arc<dyn RequestSigner> = Arc::new(SigningKey::from_bytes(config.operator.secret_bytes()));
        let client = ApiClient::new(&config.api_url)?.node(signer);
        let agent = Arc::new(Agent::new(config, client, chain, journal, cache, executor, shutdown));
        let task = tokio::spawn(agent::run(Arc::clone(&agent)));
        Ok(NodeHandle { agent, task: Some(task) })
    }
}

fn check(config: &NodeConfig) -> Result<(), NodeError> {
    let bad = |name, problem: String| Err(NodeError::Config { name, problem });
    for (name, value) in [("region", &config.region), ("resource_class", &config.resource_class)] {
        if Label::parse(value).is_err() {
            return bad(name, format!("{value:?} is not a label: use 1 to 16 of a-z, 0-9 and '-'"));
        }
    }
    if config.unit_price == 0 {
        return bad("unit_price", "must be above zero".into());
    }
    if !(1..=MAX_SLOTS).contains(&config.slots) {
        return bad("slots", format!("must be from 1 to {MAX_SLOTS}"));
    }
    if config.heartbeat_ms == 0 {
        return bad("heartbeat_ms", "must be above zero".into());
    }
    Ok(())
}

impl NodeHandle {
    /// Asks the node to take no new work, finish, report, settle and stop.
    pub fn drain(&self) {
        self.agent.drain.cancel();
    }

    /// Stops the node at once, as a crash would: running shards are lost, nothing is reported. Its journal has all that matters.
    pub fn kill(&self) {
        self.agent.kill.cancel();
    }

    /// What the node is doing.
    #[must_use]
    pub fn status(&self) -> NodeStatus {
        let agent = &self.agent;
        let sum = |amounts: Vec<Payment>| amounts.iter().fold(0_u64, |sum, amount| sum.saturating_add(amount.get()));
        let (live_leases, unvouched, unsettled) = agent.journal.read(|book| {
            let unvouched = book.live().map(|(_, lease)| lease.unvouched()).collect();
            let unsettled = book.live().map(|(_, lease)| lease.unsettled()).collect();
            (book.live().count(), sum(unvouched), sum(unsettled))
        });
        NodeStatus {
            in_flight: agent.in_flight(),
            live_leases,
            shards_done: agent.counters.shards_done.load(Ordering::Relaxed),
            accepted: agent.counters.accepted.load(Ordering::Relaxed),
            suspended: agent.suspended(),
            unvouched,
            unsettled,
            transactions: agent.chain.spent.transactions.load(Ordering::Relaxed),
            fees_lamports: agent.chain.spent.fees_lamports.load(Ordering::Relaxed),
            settle_ms: agent.counters.settle_ms.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Waits for the node's end: after a drain, after a kill, or when it cannot go on. The journal is closed when this returns.
    ///
    /// # Errors
    /// [`NodeError`] if it could not go on.
    pub async fn wait(mut self) -> Result<(), NodeError> {
        let ended = match self.task.take() {
            Some(task) => task.await.map_err(|e| NodeError::Task(e.to_string()))?,
            None => Ok(()),
        };
        let journal = Arc::downgrade(&self.agent.journal);
        drop(self);
        // Tasks that were cut off may still be finishing a write.
        while journal.strong_count() > 0 {
            tokio::time::sleep(CLOSE_POLL).await;
        }
        ended
    }
}

impl fmt::Debug for NodeHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeHandle").field("config", &self.agent.config).finish_non_exhaustive()
    }
}

impl Drop for NodeHandle {
    fn drop(&mut self) {
        self.agent.kill.cancel();
    }
}
