//! What a node is told at its start.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use mira_wire::clock::{self, Clock};
use mira_wire::service::Machine;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;

/// Settings of one node. Start from [`NodeConfig::new`] and change what differs.
#[derive(Clone)]
pub struct NodeConfig {
    /// The API with the dispatcher, for example `http://127.0.0.1:8080`.
    pub api_url: String,
    /// The chain's JSON-RPC. It may carry a key in its path: it is never logged.
    pub rpc_url: String,
    /// The provider's operator: signs requests, usage and leases, and pays transaction fees and rent.
    pub operator: Arc<Keypair>,
    /// The provider's account.
    pub provider: Pubkey,
    /// Where the node is, a label.
    pub region: String,
    /// What kind of machine it is, a label.
    pub resource_class: String,
    /// The price asked, payment base units per million units. A lease below it is not accepted.
    pub unit_price: u64,
    /// Shards to run at a time.
    pub slots: u16,
    /// What the machine has, if it is to be said: work that states its needs is then packed by them.
    pub machine: Option<Machine>,
    /// Where journal and blob cache live. One node a folder.
    pub data_dir: PathBuf,
    /// *W*: what a lease may earn beyond its newest voucher before the node stops pulling for it, payment base units.
    pub credit_window: u64,
    /// Settle a running lease when a voucher is worth this much more than what was paid, payment base units.
    pub settle_gain: u64,
    /// The largest lease accepted, payment base units; none for no limit.
    pub max_cap: Option<u64>,
    /// The most memory that a shard may ask for, in bytes.
    pub max_memory_bytes: u64,
    /// The longest output that is uploaded, in bytes.
    pub output_limit_bytes: usize,
    /// Size of the blob cache on disk, in bytes.
    pub cache_bytes: u64,
    /// Time between heartbeats until the dispatcher names its own, in milliseconds.
    pub heartbeat_ms: u32,
    /// How long a draining node waits for vouchers over its last work, in milliseconds.
    pub drain_wait_ms: u64,
    /// The wall clock.
    pub clock: Clock,
}

impl NodeConfig {
    /// Defaults for everything that has one.
    #[must_use]
    pub fn new(
        api_url: impl Into<String>,
        rpc_url: impl Into<String>,
        operator: Arc<Keypair>,
        provider: Pubkey,
        data_dir: impl Into<PathBuf>,
    ) -> Self {
        Self {
            api_url: api_url.into(),
            rpc_url: rpc_url.into(),
            operator,
            provider,
            region: "local".into(),
            resource_class: "cpu-small".into(),
            unit_price: 1_000,
            slots: 1,
            machine: None,
            data_dir: data_dir.into(),
            credit_window: 1_000_000,
            settle_gain: 1_000_000,
            max_cap: None,
            max_memory_bytes: 1 << 30,
            output_limit_bytes: 64 << 20,
            cache_bytes: 1 << 30,
            heartbeat_ms: 1_000,
            drain_wait_ms: 5_000,
            clock: clock::system(),
        }
    }

    pub(crate) fn now_secs(&self) -> i64 {
        i64::try_from((self.clock)() / 1_000).unwrap_or(i64::MAX)
    }
}

impl fmt::Debug for NodeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the key nor the RPC address, which may hold a secret.
        f.debug_struct("NodeConfig")
            .field("api_url", &self.api_url)
            .field("provider", &self.provider)
            .field("region", &self.region)
            .field("slots", &self.slots)
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}
