//! `mira-indexer`: the indexer alone, for operators who run each service by itself.
//!
//! Same code as `mira indexer`; logs go to standard error. Exits with status 1 when the database
//! cannot be opened, and runs until SIGINT or SIGTERM otherwise: a stopped cursor is reported, not
//! an exit.

use std::process::ExitCode;

use clap::Parser;
use mira_chain::pda::PROGRAM_ID;
use mira_indexer::{FollowArgs, Indexer};
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// The endpoint to read from if none is named: a cluster on this machine.
const DEFAULT_RPC: &str = "http://127.0.0.1:8899";

/// Follows what is finalized on the chain and keeps the network's tables.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    #[command(flatten)]
    follow: FollowArgs,
    /// The program's address; it must be the one that this version was built for.
    #[arg(long, env = "MIRA_PROGRAM_ID", default_value_t = PROGRAM_ID)]
    program_id: Pubkey,
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
    let follow = args.follow;
    let config = follow.config().map_err(|error| error.to_string())?;
    let store = mira_store::open(&follow.database).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let urls = follow.endpoints(|| DEFAULT_RPC.to_owned());
    let handle = Indexer::spawn_over(config, store.clone(), &urls, shutdown.clone());
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
