//! `mira up`: the whole network on this machine, until Ctrl-C.

use std::path::PathBuf;

use clap::Args;
use mira_indexer::SourceKind;
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::{
    error::Error,
    execution,
    network::{self, Cluster, Network, NetworkConfig},
    output,
    settings::Settings,
};

/// Arguments of `mira up`.
#[derive(Args)]
pub struct UpArgs {
    /// The file that other terminals read; it is taken away at the end.
    #[arg(long, default_value = "mira.toml", value_name = "FILE")]
    write: PathBuf,
    /// Port of the chain's JSON-RPC; 0 takes a free one.
    #[arg(long, default_value_t = 8899)]
    rpc_port: u16,
    /// Port of the chain's websocket; 0 takes a free one.
    #[arg(long, default_value_t = 8900)]
    ws_port: u16,
    /// Port of the API; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    api_port: u16,
    /// Provider nodes to start with.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(0..=64))]
    providers: u16,
    /// Decides keys, prices and simulated round-trip times.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Milliseconds per slot; finality takes 31 slots.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(20..=1000))]
    slot_ms: u64,
    /// Also stop when standard input ends, for whoever starts this as a child.
    #[arg(long)]
    stop_with_stdin: bool,
}

/// Starts the network and keeps it up.
pub async fn run(args: UpArgs, settings: &Settings) -> Result<(), Error> {
    let folder = tempfile::tempdir().map_err(|source| Error::Write { path: std::env::temp_dir(), source })?;
    let executor = execution::executor()?;
    let port = |port: u16| (port != 0).then_some(port);
    let cluster = Cluster::Own { slot_ms: args.slot_ms, rpc_port: port(args.rpc_port), ws_port: port(args.ws_port) };
    let engine = network::engine(args.seed, cluster.pace());
    let config = NetworkConfig {
        seed: args.seed,
        cluster,
        source: SourceKind::Blocks,
        api_port: port(args.api_port),
        providers: args.providers,
        folder: folder.path().to_path_buf(),
        params: network::local_params(),
        engine,
        executor: Box::new(move |_| executor.clone()),
    };
    settings.output.note("starting a local chain, an indexer, an API and provider nodes");
    let network = Network::start(&config).await?;
    network.file.write(&args.write)?;
    let file = args.write.display().to_string();
    let document = json!({ "network": file, "rpc_url": network.file.rpc_url, "ws_url": network.file.ws_url,
        "api_url": network.file.api_url, "program_id": network.file.program_id, "seed": args.seed });
    settings.output.print(&document, || {
        let fields = output::fields([
            ("JSON-RPC", network.file.rpc_url.clone()),
            ("websocket", network.file.ws_url.clone()),
            ("API", network.file.api_url.clone()),
            ("network file", file.clone()),
        ]);
        format!("{fields}\n\nIn another terminal, in this folder: mira faucet, mira provider …, mira job …\nCtrl-C stops it.")
    })?;
    wait(args.stop_with_stdin).await?;
    settings.output.note("stopping");
    let stopped = network.stop().await;
    // The file names a network that is gone; that it may be gone already is fine.
    let _ = std::fs::remove_file(&args.write);
    stopped
}

async fn wait(stop_with_stdin: bool) -> Result<(), Error> {
    let stdin_ends = async {
        let mut rest = Vec::new();
        if stop_with_stdin {
            // An unreadable standard input has ended too.
            let _ = tokio::io::stdin().read_to_end(&mut rest).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.map_err(|error| Error::failed("waiting for Ctrl-C", error)),
        () = stdin_ends => Ok(()),
    }
}
