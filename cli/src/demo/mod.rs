//! The main job, end to end: a network, a real input, a node that dies in the middle of its work, results
//! checked against a direct computation, money settled, and the books checked. The chain is one of the demo's
//! own, or one that is up already, with whatever earlier demos left there.

mod books;
mod document;
mod trip;
mod work;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use mira_core::{
    amount::Bps,
    hash::{Sha2, Sha256},
    params::Params,
};
use mira_indexer::SourceKind;
use mira_node::executor::Executor;
use solana_sdk::pubkey::Pubkey;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    error::Error,
    execution,
    network::{self, Cluster, Network, NetworkConfig, Pace, Running},
    output::Output,
};
pub use document::Document;
use trip::Trip;
use work::Work;

/// How long the whole run may take before it counts as failed, besides the time that finality takes.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the run waits for finality at most, one time after the other.
const FINALITIES: u32 = 24;
/// Short slots, so that finality takes about two seconds.
const SLOT_MS: u64 = 50;
/// Provider nodes, each of an owner and in a region of its own.
const PROVIDERS: u16 = 5;

/// A public-domain text; `demo/README.md` says which.
const INPUT: &[u8] = include_bytes!("../../../demo/input.txt");

/// The text that is worked on when no other is named.
pub fn bundled_input() -> Bytes {
    Bytes::from_static(INPUT)
}

/// What the demo works on.
pub struct Options {
    /// What keys, prices and simulated round-trip times derive from.
    pub seed: u64,
    /// The bytes to index.
    pub input: Bytes,
    /// How many shards to cut at most.
    pub shards: usize,
    /// A chain that is up already; one of the demo's own if `None`.
    pub chain: Option<Running>,
    /// What the indexer asks the chain for.
    pub source: SourceKind,
    /// The parameters of a network that the demo makes; the usual ones if `None`.
    pub params: Option<Params>,
}

/// A demo whose network is still up.
pub struct Played {
    /// The network.
    pub network: Network,
    /// What happened, and whether all of it holds.
    pub document: Document,
    /// The job.
    pub job: Pubkey,
}

/// Runs the demo in a temporary folder and checks everything.
pub async fn run(options: Options, output: Output) -> Result<Document, Error> {
    let folder = tempfile::tempdir().map_err(|source| Error::Write { path: std::env::temp_dir(), source })?;
    let Played { network, document, .. } = play(options, folder.path().to_path_buf(), output).await?;
    network.stop().await?;
    Ok(document)
}

/// Runs the demo in a folder, checks everything, and leaves the network up.
pub async fn play(options: Options, folder: PathBuf, output: Output) -> Result<Played, Error> {
    let pace = options.chain.as_ref().map_or_else(|| Pace::of(SLOT_MS), Running::pace);
    let patience = pace.patience(PATIENCE, FINALITIES);
    match tokio::time::timeout(patience, play_without_limit(options, folder, output)).await {
        Ok(result) => result,
        Err(_) => Err(Error::failed(
            "the demo",
            format!("it was not done in {patience:?}; run it again with RUST_LOG=mira=debug"),
        )),
    }
}

async fn play_without_limit(options: Options, folder: PathBuf, output: Output) -> Result<Played, Error> {
    let executor = execution::executor()?;
    let work = Work::prepare(&options, executor.clone()).await?;
    let chain = if options.chain.is_some() { "" } else { "a local chain, " };
    output.note(&format!("starting {chain}an indexer, an API and five provider nodes"));
    let (network, fallen) = start(&options, folder, executor).await?;
    let finished = work::run(&network, &work, fallen, output).await?;
    output.note("checking the books");
    let slot = network.settle_index().await?;
    let books = books::check(&network, &finished).await?;
    let job = document::JobSummary { status: books.status, fees: books.fees.to_string(), ..finished.summary };
    let document = Document {
        ok: books.checks.iter().all(|check| check.ok),
        seed: options.seed,
        input: document::Input { bytes: options.input.len(), sha256: hex::encode(Sha2::hashv(&[&options.input])) },
        jobs: vec![job],
        checks: books.checks,
        chain: document::Chain {
            program_id: network.file.program_id.clone(),
            elf_sha256: hex::encode(Sha2::hashv(&[mira_chain::artifact::program_elf()])),
            slots: slot.saturating_sub(network.since.slot),
            transactions: books.transactions,
        },
        index: books.index,
        placement: finished.placement,
        overhead: books.overhead,
    };
    Ok(Played { network, document, job: finished.job })
}

async fn start(
    options: &Options,
    folder: PathBuf,
    executor: Arc<dyn Executor>,
) -> Result<(Network, UnboundedReceiver<u16>), Error> {
    let (trip, fallen) = Trip::new();
    let (cluster, usual) = match &options.chain {
        Some(running) => (Cluster::Running(running.clone()), network::params_at(running.pace())),
        None => (Cluster::Own { slot_ms: SLOT_MS, rpc_port: None, ws_port: None }, network::local_params()),
    };
    // A shard of the dead node must be seen to be handed on because it died, and not be finished before
    // that by a duplicate that the tail of every job gets.
    let engine = mira_dispatch::Config { tail: Bps::ZERO, ..network::engine(options.seed, cluster.pace()) };
    let config = NetworkConfig {
        seed: options.seed,
        cluster,
        source: options.source,
        api_port: None,
        providers: PROVIDERS,
        folder,
        params: options.params.unwrap_or(usual),
        engine,
        executor: Box::new(move |index| trip.executor(index, executor.clone())),
    };
    Ok((Network::start(&config).await?, fallen))
}
