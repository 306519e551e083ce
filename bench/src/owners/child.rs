//! The process that is paused and killed: the real API with the real dispatcher on a database that others share.

use crate::cores;
use anyhow::Context;
use mira_api::dispatch::Keep;
use mira_api::{Api, ApiConfig, IndexHealth, Limits};
use mira_chain::pda;
use mira_wire::clock;
use solana_sdk::signature::Keypair;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How long a shard may run here. Milliseconds.
pub const TIME_LIMIT_MS: u64 = 500;
/// Snapshots are kept and the log is pruned many times in a run.
const KEEP: Keep = Keep { snapshots: 2, inputs: 500, begin_anew: false };
/// What all replicas dispatch with.
const DISPATCHER: [u8; 32] = [4; 32];

/// Arguments of the process.
#[derive(clap::Args)]
pub struct Child {
    #[arg(long)]
    database: String,
    #[arg(long)]
    bind: SocketAddr,
    #[arg(long)]
    blobs: PathBuf,
    #[arg(long)]
    hold_ms: u64,
    /// Runs on this processor core alone.
    #[arg(long)]
    core: Option<usize>,
    /// Answers requests before they are written.
    #[arg(long)]
    write_behind: bool,
}

/// The dispatcher's keypair.
pub fn dispatcher() -> Keypair {
    Keypair::new_from_array(DISPATCHER)
}

/// How it decides: nothing runs twice on purpose, nobody is suspended for silence, and what is not returned is handed
/// on soon.
fn engine() -> mira_dispatch::Config {
    mira_dispatch::Config {
        seed: [7; 32],
        tail: mira_core::amount::Bps::ZERO,
        heartbeat_timeout_ms: 600_000,
        probe_after_ms: 200,
        probe_cap_ms: 1_000,
        result_grace_ms: 1_000,
        retry_own_after_ms: 500,
        ..mira_dispatch::Config::default()
    }
}

/// Serves until it is killed or told to end.
pub fn run(args: &Child) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let runtime = if let Some(core) = args.core {
        cores::pin(core)?;
        tokio::runtime::Builder::new_current_thread().enable_all().build()?
    } else {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?
    };
    runtime.block_on(serve(args))
}

async fn serve(args: &Child) -> anyhow::Result<()> {
    let store = mira_store::open(&args.database).await?;
    // There is no chain: its rows are fed.
    let (_index, health) = watch::channel(IndexHealth { ready: true, slot: Some(1), ..IndexHealth::default() });
    let shutdown = CancellationToken::new();
    let config = ApiConfig {
        bind: args.bind,
        store: store.clone(),
        blobs_dir: args.blobs.clone(),
        dispatcher: dispatcher().to_bytes(),
        rpc_url: "http://127.0.0.1:1".to_owned(),
        program_id: pda::PROGRAM_ID.to_bytes(),
        engine: engine(),
        dispatch_poll: Duration::from_millis(50),
        dispatch_hold: Duration::from_millis(args.hold_ms),
        dispatch_keep: KEEP,
        write_behind: args.write_behind,
        health,
        clock: clock::system(),
        limits: Limits { shutdown: Duration::from_millis(500), ..Limits::default() },
    };
    let running = Api::spawn(config, shutdown.clone()).await.context("cannot start the API")?;
    signal(SignalKind::terminate())?.recv().await;
    shutdown.cancel();
    running.stopped().await;
    store.close().await;
    Ok(())
}
