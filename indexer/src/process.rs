//! The indexer as a process: its arguments, and its life until a signal.

use mira_chain::pda::PROGRAM_ID;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use crate::args::FollowArgs;
use crate::shell::{Config, Indexer};

/// The endpoint to read from if none is named: a cluster on this machine.
const DEFAULT_RPC: &str = "http://127.0.0.1:8899";

/// Arguments of `mira-indexer`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// What to follow, and into which database.
    #[command(flatten)]
    pub follow: FollowArgs,
    /// The program's address; it must be the one that this version was built for.
    #[arg(long, env = "MIRA_PROGRAM_ID", default_value_t = PROGRAM_ID)]
    pub program_id: Pubkey,
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
        self.follow.config().map_err(|error| error.to_string())
    }

    /// The endpoints to read from.
    pub fn endpoints(&self) -> Vec<String> {
        self.follow.endpoints(|| DEFAULT_RPC.to_owned())
    }
}

/// Opens the database and indexes until SIGINT or SIGTERM: a stopped cursor is reported, not an end.
///
/// # Errors
/// Bad arguments, a database that cannot be opened, or a failure of the indexer's own.
pub async fn run(args: Args) -> Result<(), String> {
    let config = args.config()?;
    let store = mira_store::open(&args.follow.database).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let handle = Indexer::spawn_over(config, store.clone(), &args.endpoints(), shutdown.clone());
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
