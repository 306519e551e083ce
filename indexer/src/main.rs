//! `mira-indexer`: the indexer alone, for operators who run each service by itself.
//!
//! Same code as `mira indexer`; logs go to standard error. Exits with status 1 when the database
//! cannot be opened, and runs until SIGINT or SIGTERM otherwise: a stopped cursor is reported, not
//! an exit.

use std::process::ExitCode;

use clap::Parser;
use mira_chain::pda::PROGRAM_ID;
use mira_indexer::{Config, Indexer, SourceKind};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Follows what is finalized on the chain and keeps the network's tables.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    /// JSON-RPC endpoints of the cluster, the preferred one first; several times or separated by commas. With
    /// several, one may be down, and what two say differently stops the cursor.
    #[arg(long, env = "MIRA_RPC", default_value = "http://127.0.0.1:8899", value_delimiter = ',')]
    rpc: Vec<String>,
    /// What the endpoints are asked for.
    #[arg(long, env = "MIRA_SOURCE", value_enum, default_value_t)]
    source: SourceKind,
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
    /// Keep the confirmed rows above the cursor too. Some calls more for each slot, and blocks only.
    #[arg(long, env = "MIRA_CONFIRMED")]
    confirmed: bool,
    /// A transaction to set aside if it cannot be read, instead of stopping there; several times or separated by
    /// commas. Only one that is known to concern nothing of the network: an event that is lost with it stops the
    /// cursor at the next of its account.
    #[arg(long, env = "MIRA_SET_ASIDE", value_name = "SIGNATURE", value_delimiter = ',')]
    set_aside: Vec<Signature>,
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
    if args.confirmed && args.source != SourceKind::Blocks {
        return Err(
            "--confirmed needs --source blocks: single transactions do not show which fork they are on".to_owned()
        );
    }
    let store = mira_store::open(&args.database).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let Args { start_slot, source, confirmed, .. } = args;
    let set_aside = args.set_aside.iter().map(|signature| *signature.as_array()).collect();
    let config = Config { start_slot, source, confirmed, set_aside, ..Config::default() };
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
