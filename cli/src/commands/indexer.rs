//! `mira indexer`: follows a cluster into a database until Ctrl-C.

use mira_indexer::{FollowArgs, Indexer};
use tokio_util::sync::CancellationToken;

use crate::{error::Error, settings::Settings};

/// Runs the indexer; it reads from the network's own endpoint if none is named.
pub async fn run(args: FollowArgs, settings: &Settings) -> Result<(), Error> {
    let config = args.config().map_err(|error| Error::failed("reading the arguments", error))?;
    let store = mira_store::open(&args.database).await.map_err(|error| Error::failed("opening the database", error))?;
    let urls = args.endpoints(|| settings.rpc_url());
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
