//! `e2e`: everything together on one chain, which may be anybody's: the demo on each source in turn, then two
//! indexes from nothing, one over blocks and one over single transactions, that must say the same to the byte;
//! then a reward epoch from those books, paid out on chain and read back from the API.
//!
//! Without `--url` the chain is a local one in this process. It is used over its ports all the same.

mod chain;
mod checks;
mod epoch;
mod indexes;
mod pay;
mod rounds;
mod served;

use crate::clock::Stopwatch;
use crate::report::Report;
use anyhow::Context;
use chain::Chain;
use checks::Checks;
use mira_indexer::SourceKind;
use mira_indexer::epoch::Bundle;
use serde_json::json;
use std::path::PathBuf;

/// Where and how.
#[derive(clap::Args)]
pub struct Args {
    /// JSON-RPC of a chain that is up already and has the program; a local one when left out.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Its websocket, if that is not one port further.
    #[arg(long, value_name = "URL", requires = "url")]
    ws_url: Option<String>,
    /// The keypair of the program's upgrade authority, or of the admin of the network that is there; one that
    /// derives from the seed when left out.
    #[arg(long, value_name = "KEYPAIR", requires = "url")]
    admin: Option<PathBuf>,
    /// The bundle of the last final epoch, if the network there has one. It is replaced by the next one's.
    #[arg(long, value_name = "FILE", requires = "url")]
    bundle: Option<PathBuf>,
    /// What the indexer of the demo's network asks the chain for; with both the demo is played twice.
    #[arg(long, value_enum, default_value_t)]
    source: Sources,
}

/// Which sources the demo is played on. The two indexes at the end are always one of each.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Sources {
    Blocks,
    Signatures,
    #[default]
    Both,
}

impl Sources {
    fn kinds(self) -> &'static [SourceKind] {
        match self {
            Self::Blocks => &[SourceKind::Blocks],
            Self::Signatures => &[SourceKind::Signatures],
            Self::Both => &[SourceKind::Blocks, SourceKind::Signatures],
        }
    }
}

/// Runs all of it.
///
/// # Errors
/// Something could not be done at all; what was done and does not hold is a finding.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start a runtime")?;
    runtime.block_on(play(args, seed))
}

async fn play(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let watch = Stopwatch::start();
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let previous = args.bundle.as_deref().map(epoch::load).transpose()?.flatten();
    let Chain { running, rpc, own } = chain::open(args, seed).await?;
    epoch::require_previous(&rpc, previous.as_ref()).await?;
    let slot_ms = running.pace().slot().as_millis();
    let mut checks = Checks::default();
    let rounds = rounds::play(&running, args.source.kinds(), seed, folder.path(), &mut checks).await?;
    let network = &rounds.last.network;
    let indexes = indexes::start(network, folder.path()).await?;
    indexes.catch_up(network).await?;
    rounds.copy_books(&*indexes.blocks.store).await?;
    rounds.copy_books(&*indexes.signatures.store).await?;
    let bundle = epoch::play(network, seed, &*indexes.blocks.store, previous.as_ref(), &mut checks).await?;
    indexes.catch_up(network).await?;
    indexes.judge(network, rounds.since, &mut checks).await?;
    served::judge(network, &*indexes.blocks.store, &bundle, &mut checks).await?;
    keep(args, &bundle)?;
    indexes.stop().await?;
    rounds.last.network.stop().await.map_err(|error| anyhow::anyhow!(error.told()))?;
    if let Some(own) = own {
        own.shutdown().await;
    }
    let seconds = watch.elapsed().as_secs();
    let sources: Vec<_> = args.source.kinds().iter().map(|kind| rounds::name(*kind)).collect();
    let figures = json!({ "local_chain": args.url.is_none(), "slot_ms": slot_ms, "sources": sources,
        "rounds": rounds.documents, "checks": checks.document(), "seconds": seconds });
    let text = format!("{}\n\nslots of {slot_ms} ms, {seconds} s in all", checks.table());
    Ok(Report { command: "e2e", seed, figures, text, findings: checks.findings() })
}

/// Leaves the bundle for the next run on the same network.
fn keep(args: &Args, bundle: &Bundle) -> anyhow::Result<()> {
    let Some(path) = &args.bundle else { return Ok(()) };
    let text = bundle.to_json().context("cannot write the bundle")?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
