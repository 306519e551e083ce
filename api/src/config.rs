//! What a server is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mira_core::Key;
use mira_store::Store;
use mira_wire::clock::Clock;
use tokio::sync::watch;

use crate::dispatch::Keep;
use crate::health::IndexHealth;

/// Everything a server needs. All of it is handed in, so that several servers can live in one process.
#[derive(Clone)]
pub struct ApiConfig {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The database that the indexer fills.
    pub store: Arc<dyn Store>,
    /// The folder for blobs; made if it is not there.
    pub blobs_dir: PathBuf,
    /// The dispatcher's keypair: 32 bytes of seed, then 32 of public key, as in a keypair file.
    pub dispatcher: [u8; 64],
    /// The chain's JSON-RPC, for the blockhashes of lease proposals.
    pub rpc_url: String,
    /// The program.
    pub program_id: Key,
    /// The dispatcher's settings, with the seed of its sampling.
    pub engine: mira_dispatch::Config,
    /// How often the dispatcher looks for new rows and lets time pass.
    pub dispatch_poll: Duration,
    /// How long another dispatcher on the same database may be silent before this one takes over.
    pub dispatch_hold: Duration,
    /// What the dispatcher keeps of its log.
    pub dispatch_keep: Keep,
    /// Whether requests to interactive jobs are answered before their routing is written. What is lost with the process then
    /// is a moment's reservations: the money is bound by vouchers and caps, not by them.
    pub write_behind: bool,
    /// How far the index is, as whoever runs it says.
    pub health: watch::Receiver<IndexHealth>,
    /// The clock that requests and times are judged by.
    pub clock: Clock,
    /// What a request may take.
    pub limits: Limits,
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest JSON body in bytes.
    pub json_bytes: usize,
    /// The longest blob in bytes.
    pub blob_bytes: usize,
    /// How long an ordinary request may take.
    pub request: Duration,
    /// How long an upload, a download or a placement may take.
    pub slow_request: Duration,
    /// The most event streams open at a time: each polls the database.
    pub streams: usize,
    /// How long open requests may go on after a shutdown begins.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // The largest JSON body is a heartbeat with 1,024 cached hashes, about 70 kB.
            json_bytes: 256 << 10,
            blob_bytes: 64 << 20,
            request: Duration::from_secs(10),
            slow_request: Duration::from_secs(120),
            streams: 256,
            shutdown: Duration::from_secs(5),
        }
    }
}
