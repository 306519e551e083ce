//! `mira-node`: a provider's node as a process of its own. SIGINT or SIGTERM drains it; a second one stops it at once.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use mira_node::executor::WasmExecutor;
use mira_node::{Node, NodeConfig, NodeError};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, read_keypair_file};
use tokio_util::sync::CancellationToken;

/// Runs a Mira provider's node.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The API with the dispatcher.
    #[arg(long, env = "MIRA_API_URL", default_value = "http://127.0.0.1:8080")]
    api_url: String,
    /// The chain's JSON-RPC.
    #[arg(long, env = "MIRA_RPC_URL", default_value = "http://127.0.0.1:8899", hide_env_values = true)]
    rpc_url: String,
    /// The operator's keypair file.
    #[arg(long, env = "MIRA_OPERATOR_KEYPAIR")]
    operator: PathBuf,
    /// The provider's account.
    #[arg(long, env = "MIRA_PROVIDER")]
    provider: Pubkey,
    /// Where journal and blob cache live; one node a folder.
    #[arg(long, env = "MIRA_NODE_DATA")]
    data_dir: PathBuf,
    /// Where the node is.
    #[arg(long, default_value = "local")]
    region: String,
    /// What kind of machine it is.
    #[arg(long, default_value = "cpu-small")]
    resource_class: String,
    /// The price asked, payment base units per million units.
    #[arg(long)]
    unit_price: u64,
    /// Shards to run at a time.
    #[arg(long, default_value_t = 1)]
    slots: u16,
    /// What a lease may earn beyond its newest voucher, payment base units.
    #[arg(long, default_value_t = 1_000_000)]
    credit_window: u64,
}

fn keypair(path: &std::path::Path) -> Result<Keypair, NodeError> {
    read_keypair_file(path).map_err(|error| NodeError::Config {
        name: "operator",
        problem: format!("{}: {error}; make one with `solana-keygen new -o FILE`", path.display()),
    })
}

async fn run(args: Args) -> Result<(), NodeError> {
    let operator = Arc::new(keypair(&args.operator)?);
    let config = NodeConfig {
        region: args.region,
        resource_class: args.resource_class,
        unit_price: args.unit_price,
        slots: args.slots,
        credit_window: args.credit_window,
        ..NodeConfig::new(args.api_url, args.rpc_url, operator, args.provider, args.data_dir)
    };
    let shutdown = CancellationToken::new();
    let node = Node::spawn(config, WasmExecutor::new()?, shutdown.clone()).await?;
    let stop = async move {
        signal().await;
        tracing::info!("draining; once more to stop at once");
        shutdown.cancel();
        signal().await;
    };
    tokio::select! {
        ended = node.wait() => ended,
        () = stop => Ok(()),
    }
}

/// The next SIGINT or SIGTERM.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "cannot start");
            return std::process::ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(args)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the node stopped");
            std::process::ExitCode::FAILURE
        }
    }
}
