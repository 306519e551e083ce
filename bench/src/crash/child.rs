//! The process that is killed: the real indexer, plain or with a striker.

use super::point::Strike;
use super::striker::{Striker, StruckIndex, StruckSource};
use anyhow::{Context, anyhow};
use mira_chain::rpc::Rpc;
use mira_chain::source::RpcSource;
use mira_indexer::{Indexer, Source, process};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Arguments of the process.
#[derive(clap::Args)]
pub struct Child {
    #[command(flatten)]
    indexer: process::Args,
    /// Ends by itself there; otherwise this is `mira-indexer`.
    #[arg(long)]
    strike: Option<Strike>,
}

/// Indexes until it is killed or told to end.
pub fn run(args: &Child) -> anyhow::Result<()> {
    let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(std::io::stderr).try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let indexer = args.indexer.clone();
    match args.strike {
        None => runtime.block_on(process::run(indexer)).map_err(|error| anyhow!(error)),
        Some(strike) => runtime.block_on(until_struck(indexer, strike)),
    }
}

async fn until_struck(args: process::Args, strike: Strike) -> anyhow::Result<()> {
    let config = args.config().map_err(|error| anyhow!(error))?;
    let striker = Arc::new(Striker::new(strike));
    let urls = args.endpoints();
    let url = urls.first().context("name an endpoint")?;
    let source = StruckSource { inner: RpcSource::new(Rpc::new(url)), striker: striker.clone() };
    let index = StruckIndex { inner: mira_store::open(&args.follow.database).await?, striker };
    let running =
        Indexer::spawn_from(config, Arc::new(index), Source::Blocks(Arc::new(source)), CancellationToken::new());
    running.task.await.context("the indexer ended")
}
