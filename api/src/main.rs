//! `mira-api`: the HTTP API and its dispatcher as a process of its own, for deployments where the
//! indexer runs elsewhere. It follows the indexer's cursor in the shared database.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mira_api::{Api, ApiConfig, Limits, health};
use mira_chain::rpc::Rpc;
use mira_wire::{HashHex, KeyStr, clock};
use tokio_util::sync::CancellationToken;

/// Serves Mira's HTTP API and dispatches jobs.
#[derive(Debug, Parser)]
#[command(name = "mira-api", version)]
struct Args {
    /// Where to listen.
    #[arg(long, env = "MIRA_API_BIND", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// The database that the indexer fills: sqlite:PATH or postgres://…
    #[arg(long, env = "MIRA_STORE", hide_env_values = true)]
    store: String,
    /// The indexer's stream in that database.
    #[arg(long, env = "MIRA_STREAM", default_value = "finalized")]
    stream: String,
    /// The folder for blobs.
    #[arg(long, env = "MIRA_BLOBS")]
    blobs: PathBuf,
    /// The chain's JSON-RPC.
    #[arg(long, env = "MIRA_RPC_URL", hide_env_values = true)]
    rpc_url: String,
    /// The program's address.
    #[arg(long, env = "MIRA_PROGRAM_ID")]
    program_id: KeyStr,
    /// The dispatcher's keypair file.
    #[arg(long, env = "MIRA_DISPATCHER")]
    dispatcher: PathBuf,
    /// How long another dispatcher on the same database may be silent before this one takes over.
    #[arg(long, env = "MIRA_DISPATCH_HOLD_MS", default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(100..))]
    dispatch_hold_ms: u64,
    /// Answer interactive requests before their routing is written, which is then done every 10 ms: faster, and a crash
    /// forgets the last moment's.
    #[arg(long)]
    write_behind: bool,
    /// What placement is seeded with, as 64 hexadecimal digits; publish it to let others recompute decisions.
    #[arg(long, env = "MIRA_SEED")]
    seed: HashHex,
}

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))
        .and_then(|runtime| runtime.block_on(run(args)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            tracing::error!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), String> {
    let dispatcher = keypair(&args.dispatcher)?;
    let store = mira_store::open(&args.store).await.map_err(|error| error.to_string())?;
    let shutdown = CancellationToken::new();
    let rpc = Rpc::new(&args.rpc_url);
    let config = ApiConfig {
        bind: args.bind,
        store: store.clone(),
        blobs_dir: args.blobs,
        dispatcher,
        rpc_url: args.rpc_url,
        program_id: args.program_id.get(),
        engine: mira_dispatch::Config { seed: args.seed.get(), ..mira_dispatch::Config::default() },
        dispatch_poll: Duration::from_millis(250),
        dispatch_hold: Duration::from_millis(args.dispatch_hold_ms),
        write_behind: args.write_behind,
        health: health::follow(store.clone(), args.stream, rpc, shutdown.clone()),
        clock: clock::system(),
        limits: Limits::default(),
    };
    let running = Api::spawn(config, shutdown.clone()).await.map_err(|error| error.to_string())?;
    stop_signal().await;
    tracing::info!("stopping");
    shutdown.cancel();
    running.stopped().await;
    store.close().await;
    Ok(())
}

/// The 64 bytes of a keypair file: a JSON array of numbers, as the Solana tools write it.
fn keypair(path: &PathBuf) -> Result<[u8; 64], String> {
    let name = path.display();
    let text = std::fs::read(path).map_err(|error| format!("cannot read the keypair file {name}: {error}"))?;
    let bytes: Vec<u8> =
        serde_json::from_slice(&text).map_err(|_| format!("{name} is not a keypair file: a JSON array of 64 bytes"))?;
    bytes.try_into().map_err(|_| format!("{name} is not a keypair file: it must have 64 bytes"))
}

/// Waits for an interrupt or a termination.
async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}
