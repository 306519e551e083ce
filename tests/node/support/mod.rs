//! A network with one provider and one job, a scripted dispatcher, and a node between them.

pub(crate) mod http;
mod script;
mod town;

use std::sync::Arc;
use std::time::Duration;

use mira_node::executor::{Executor, WasmExecutor};
use mira_node::{Node, NodeConfig, NodeError, NodeHandle, NodeStatus};
use mira_wire::KeyStr;
use tokio_util::sync::CancellationToken;

pub use script::{Script, Scripted};
pub use town::{PRICE, Town};

/// The module that the tests run; the same that the demo runs.
pub const MODULE: &[u8] = include_bytes!("../../../modules/token-index/artifacts/token_index.wasm");
/// No single step takes this long unless something is wrong.
pub const LONG: Duration = Duration::from_secs(60);

/// Everything together.
pub struct Stage {
    pub town: Town,
    pub script: Scripted,
    pub executor: Arc<dyn Executor>,
    pub folder: tempfile::TempDir,
}

impl Stage {
    pub async fn set(seed: u64) -> Self {
        let town = Town::build(seed).await;
        let script = Scripted::start(town.operator.clone()).await;
        let executor = WasmExecutor::new().unwrap();
        Self { town, script, executor, folder: tempfile::tempdir().unwrap() }
    }

    pub fn config(&self) -> NodeConfig {
        NodeConfig {
            unit_price: PRICE,
            heartbeat_ms: 50,
            region: "eu-west".into(),
            ..NodeConfig::new(
                self.script.url(),
                self.town.rpc_url(),
                self.town.operator.clone(),
                self.town.provider(),
                self.folder.path().join("node"),
            )
        }
    }

    pub async fn try_spawn(&self, config: NodeConfig) -> Result<NodeHandle, NodeError> {
        Node::spawn(config, self.executor.clone(), CancellationToken::new()).await
    }

    pub async fn spawn(&self) -> NodeHandle {
        self.try_spawn(self.config()).await.unwrap()
    }

    /// Proposes a lease of the town's job and waits until the node has opened it.
    pub async fn lease(&self, cap: u64) -> [u8; 32] {
        let proposal = self.town.propose(cap).await;
        let lease = self.town.lease_of(&proposal);
        self.script.edit(|script| script.proposals.push(proposal));
        let opened = async {
            while self.town.lease(&lease).await.is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(LONG, opened).await.expect("the node opens the lease");
        self.script.edit(|script| script.proposals.clear());
        lease
    }

    /// Queues shards with these inputs under a lease.
    pub fn shards(&self, lease: [u8; 32], inputs: &[&[u8]]) {
        let job = KeyStr(self.town.job.to_bytes());
        self.script.edit(|script| script.queue(job, KeyStr(lease), MODULE, inputs));
    }

    /// Waits until the script is as it should be.
    pub async fn until(&self, what: &str, holds: impl Fn(&Script) -> bool) {
        let reached = async {
            while !self.script.look(&holds) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(LONG, reached).await.is_err() {
            panic!("not in time: {what}");
        }
    }

    /// Waits until the node has sent `count` more heartbeats: time in which it could have done something.
    pub async fn beats(&self, count: u32) {
        let target = self.script.look(|script| script.heartbeats) + count;
        self.until("heartbeats", |script| script.heartbeats >= target).await;
    }

    /// Waits until the node itself is as it should be.
    pub async fn until_node(&self, node: &NodeHandle, what: &str, holds: impl Fn(&NodeStatus) -> bool) {
        let reached = async {
            while !holds(&node.status()) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(LONG, reached).await.is_ok(), "not in time: {what}");
    }

    /// Signs a voucher over the units that the script counted as accepted, and hands it to the node with its next heartbeats.
    pub fn vouch(&self, lease: [u8; 32]) -> u64 {
        let units = self.script.look(|script| script.accepted_units(KeyStr(lease)));
        let voucher = self.town.voucher(&lease, units);
        let amount = voucher.cumulative_amount.get();
        self.script.edit(|script| script.vouchers = vec![voucher]);
        amount
    }

    pub async fn close(self) {
        self.town.chain.shutdown().await;
    }
}

/// Waits for a node's end.
pub async fn ended(node: NodeHandle) -> Result<(), NodeError> {
    tokio::time::timeout(LONG, node.wait()).await.expect("the node ends")
}
