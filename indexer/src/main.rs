//! `mira-indexer`: the indexer alone, for operators who run each service by itself.
//!
//! Same code as `mira indexer`; logs go to standard error. Exits with status 1 when the database
//! cannot be opened, and runs until SIGINT or SIGTERM otherwise: a stopped cursor is reported, not
//! an exit.

use std::process::ExitCode;

use clap::Parser;
use mira_chain::pda::PROGRAM_ID;
use mira_chain::rpc::Rpc;
use mira_indexer::{Config, Indexer};
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Follows the chain's finalized blocks and keeps the network's tables.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    /// JSON-RPC endpoint of the cluster.
    #[arg(long, env = "MIRA_RPC", default_value = "http://127.0.0.1:8899")]
    rpc: String,
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "MIRA_DATABASE", default_value = "sqlite:mira.sqlite")]
    database: String,
    /// The program's address; it must be the one that this version was built for.
    #[arg(long, env = "MIRA_PROGRAM_ID", default_value_t = PROGRAM_ID)]
    program_id: Pubkey,
    /// Slot to start at in an empty database: the program's deployment, or before. Without it, the
    /// endpoint's oldest slot.
    #[arg(long, env = "MIRA_START_SLOT")]
    start_slot: Option<u64>,
    /// Keep the confirmed rows above the cursor too. Some calls more for each slot.
    #[arg(long, env = "MIRA_CONFIRMED")]
    confirmed: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), String> {
    if args.program_id != PROGRAM_ID {
        return Err(format!("this version indexes the program {PROGRAM_ID}, not {}", args.program_id));
    }
    let store = mira_store::open(&args.database).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let config = Config { start_slot: args.start_slot, confirmed: args.confirmed, ..Config::default() };
    let handle = Indexer::spawn(config, store.clone(), Rpc::new(&args.rpc), shutdown.clone());
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
