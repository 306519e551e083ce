//! `mira indexer`: follows a cluster into a database until Ctrl-C.

use std::time::Duration;

use clap::Args;
use mira_indexer::{Config, Indexer, SourceKind};
use solana_sdk::signature::Signature;
use tokio_util::sync::CancellationToken;

use crate::{error::Error, settings::Settings};

/// Arguments of `mira indexer`.
#[derive(Args)]
pub struct IndexerArgs {
    /// The index: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
    /// Endpoints to read from instead of the cluster's one, the preferred one first; several times or separated
    /// by commas. With several, one may be down, and what two say differently stops the cursor.
    #[arg(long, env = "MIRA_RPC", value_name = "URL", value_delimiter = ',')]
    rpc: Vec<String>,
    /// What the endpoints are asked for.
    #[arg(long, env = "MIRA_SOURCE", value_enum, default_value_t)]
    source: SourceKind,
    /// The slot to start at in an empty database: the program's deployment, or before.
    #[arg(long)]
    start_slot: Option<u64>,
    /// How often to ask for new slots.
    #[arg(long, default_value_t = 400)]
    poll_ms: u64,
    /// A transaction to set aside if it cannot be read, instead of stopping there; several times or separated by
    /// commas. Only one that is known to concern nothing of the network: an event that is lost with it stops the
    /// cursor at the next of its account.
    #[arg(long, env = "MIRA_SET_ASIDE", value_name = "SIGNATURE", value_delimiter = ',')]
    set_aside: Vec<Signature>,
    /// How long the indexer that works may be silent before another one on the same database takes over.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..))]
    hold_ms: u64,
}

/// Runs the indexer.
pub async fn run(args: IndexerArgs, settings: &Settings) -> Result<(), Error> {
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let config = Config {
        start_slot: args.start_slot,
        poll: Duration::from_millis(args.poll_ms),
        source: args.source,
        set_aside: args.set_aside.iter().map(|signature| *signature.as_array()).collect(),
        hold: Duration::from_millis(args.hold_ms),
        ..Config::default()
    };
    let urls = if args.rpc.is_empty() { vec![settings.rpc_url()] } else { args.rpc };
    let shutdown = CancellationToken::new();
    let indexer = Indexer::spawn_over(config, store, &urls, shutdown.clone());
    let mut indexer = indexer.ok_or(Error::Missing { what: "an endpoint", help: "name one with --rpc URL" })?;
    settings.output.note("indexing; Ctrl-C stops it");
    tokio::select! {
        result = &mut indexer.task => return result.map_err(|error| Error::failed("the indexer", error)),
        result = tokio::signal::ctrl_c() => result.map_err(|error| Error::failed("waiting for Ctrl-C", error))?,
    }
    shutdown.cancel();
    indexer.task.await.map_err(|error| Error::failed("the indexer", error))
}
