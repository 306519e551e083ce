//! The indexer as a process: its arguments, and its life until a signal.

use std::time::Duration;

use mira_chain::pda::PROGRAM_ID;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use tokio_util::sync::CancellationToken;

use crate::shell::{Config, Indexer, SourceKind};

/// Arguments of `mira-indexer`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// JSON-RPC endpoints of the cluster, the preferred one first; several times or separated by commas. With
    /// several, one may be down, and what two say differently stops the cursor.
    #[arg(long, env = "MIRA_RPC", default_value = "http://127.0.0.1:8899", value_delimiter = ',')]
    pub rpc: Vec<String>,
    /// What the endpoints are asked for.
    #[arg(long, env = "MIRA_SOURCE", value_enum, default_value_t)]
    pub source: SourceKind,
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "MIRA_DATABASE", default_value = "sqlite:mira.sqlite")]
    pub database: String,
    /// The program's address; it must be the one that this version was built for.
    #[arg(long, env = "MIRA_PROGRAM_ID", default_value_t = PROGRAM_ID)]
    pub program_id: Pubkey,
    /// Slot to start at in an empty database: the program's deployment, or before. Without it, the
    /// endpoint's oldest slot.
    #[arg(long, env = "MIRA_START_SLOT")]
    pub start_slot: Option<u64>,
    /// Keep the confirmed rows above the cursor too. Some calls more for each slot, and blocks only.
    #[arg(long, env = "MIRA_CONFIRMED")]
    pub confirmed: bool,
    /// A transaction to set aside if it cannot be read, instead of stopping there; several times or separated by
    /// commas. Only one that is known to concern nothing of the network: an event that is lost with it stops the
    /// cursor at the next of its account.
    #[arg(long, env = "MIRA_SET_ASIDE", value_name = "SIGNATURE", value_delimiter = ',')]
    pub set_aside: Vec<Signature>,
    /// How often to ask for new slots.
    #[arg(long, env = "MIRA_POLL_MS", default_value_t = 400)]
    pub poll_ms: u64,
    /// How long the indexer that works may be silent before another one on the same database takes over.
    #[arg(long, env = "MIRA_HOLD_MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..))]
    pub hold_ms: u64,
}

impl Args {
    /// The settings that they come to.
    ///
    /// # Errors
    /// What does not go together, and what to do.
    pub fn config(&self) -> Result<Config, String> {
        if self.program_id != PROGRAM_ID {
            return Err(format!("this version indexes the program {PROGRAM_ID}, not {}", self.program_id));
        }
        if self.confirmed && self.source != SourceKind::Blocks {
            return Err(
                "--confirmed needs --source blocks: single transactions do not show which fork they are on".to_owned()
            );
        }
        Ok(Config {
            start_slot: self.start_slot,
            poll: Duration::from_millis(self.poll_ms),
            source: self.source,
            confirmed: self.confirmed,
            hold: Duration::from_millis(self.hold_ms),
            set_aside: self.set_aside.iter().map(|signature| *signature.as_array()).collect(),
            ..Config::default()
        })
    }
}

/// Opens the database and indexes until SIGINT or SIGTERM: a stopped cursor is reported, not an end.
///
/// # Errors
/// Bad arguments, a database that cannot be opened, or a failure of the indexer's own.
pub async fn run(args: Args) -> Result<(), String> {
    let config = args.config()?;
    let store = mira_store::open(&args.database).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let handle = Indexer::spawn_over(config, store.clone(), &args.rpc, shutdown.clone());
    let handle = handle.ok_or("name an endpoint with --rpc")?;
    signalled().await.map_err(|error| format!("cannot listen for signals: {error}"))?;
    tracing::info!("shutting down");
    shutdown.cancel();
    let ended = handle.task.await;
    store.close().await;
    ended.map_err(|error| format!("the indexer failed: {error}"))
}

#[cfg(unix)]
async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupt = tokio::signal::ctrl_c() => interrupt,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
