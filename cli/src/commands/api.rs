//! `mira api`: serves the API over an indexer's database, and dispatches for jobs that name its key.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use mira_api::{Api, ApiConfig, Limits};
use mira_chain::{pda, rpc::Rpc};
use mira_core::hash::{Sha2, Sha256};
use mira_wire::clock;
use tokio_util::sync::CancellationToken;

use crate::{error::Error, settings::Settings};

/// Arguments of `mira api`. The keypair is the dispatcher's.
#[derive(Args)]
pub struct ApiArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    bind: SocketAddr,
    /// The folder of blobs.
    #[arg(long, default_value = "mira-blobs", value_name = "FOLDER")]
    blobs: PathBuf,
    /// How long another dispatcher on the same database may be silent before this one takes over.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(100..))]
    dispatch_hold_ms: u64,
    /// Answer interactive requests before their routing is written, which is then done every 10 ms: faster, and a crash
    /// forgets the last moment's.
    #[arg(long)]
    write_behind: bool,
    /// What the dispatcher's sampling is seeded with; publish it, so that decisions can be replayed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Serves until Ctrl-C.
pub async fn run(args: ApiArgs, settings: &Settings) -> Result<(), Error> {
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let shutdown = CancellationToken::new();
    let rpc_url = settings.rpc_url();
    let stream = mira_indexer::STREAM.to_owned();
    let health = mira_api::health::follow(store.clone(), stream, Rpc::new(&rpc_url), shutdown.child_token());
    let seed = Sha2::hashv(&[b"mira:dispatch:seed:v1", &args.seed.to_le_bytes()]);
    let config = ApiConfig {
        bind: args.bind,
        store,
        blobs_dir: args.blobs,
        dispatcher: settings.keypair()?.to_bytes(),
        rpc_url,
        program_id: pda::PROGRAM_ID.to_bytes(),
        engine: mira_dispatch::Config { seed, ..mira_dispatch::Config::default() },
        dispatch_poll: Duration::from_millis(200),
        dispatch_hold: Duration::from_millis(args.dispatch_hold_ms),
        write_behind: args.write_behind,
        health,
        clock: clock::system(),
        limits: Limits::default(),
    };
    let running =
        Api::spawn(config, shutdown.clone()).await.map_err(|error| Error::failed("starting the API", error))?;
    settings.output.note(&format!("serving at {}; Ctrl-C stops it", running.url()));
    tokio::select! {
        () = running.stopped() => return Err(Error::failed("serving", "the server ended")),
        result = tokio::signal::ctrl_c() => result.map_err(|error| Error::failed("waiting for Ctrl-C", error))?,
    }
    shutdown.cancel();
    running.stopped().await;
    Ok(())
}
