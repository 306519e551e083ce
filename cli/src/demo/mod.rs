//! The main job, end to end on one machine: a network, a real input, a node that dies in the middle of
//! its work, results checked against a direct computation, money settled, and the books checked.

mod books;
mod document;
mod trip;
mod work;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use mira_core::{
    amount::Bps,
    hash::{Sha2, Sha256},
};
use mira_node::executor::Executor;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    error::Error,
    execution,
    network::{self, Network, NetworkConfig},
    output::Output,
};
pub use document::Document;
use trip::Trip;
use work::Work;

/// How long the whole run may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(300);
/// Short slots, so that finality takes about two seconds.
const SLOT_MS: u64 = 50;
/// Provider nodes, each of an owner and in a region of its own.
const PROVIDERS: u16 = 5;

/// What the demo works on.
pub struct Options {
    /// What keys, prices and simulated round-trip times derive from.
    pub seed: u64,
    /// The bytes to index.
    pub input: Bytes,
    /// How many shards to cut at most.
    pub shards: usize,
}

/// Runs the demo in a temporary folder and checks everything.
pub async fn run(options: Options, output: Output) -> Result<Document, Error> {
    match tokio::time::timeout(PATIENCE, run_without_limit(options, output)).await {
        Ok(result) => result,
        Err(_) => Err(Error::failed(
            "the demo",
            format!("it was not done in {PATIENCE:?}; run it again with RUST_LOG=mira=debug"),
        )),
    }
}

async fn run_without_limit(options: Options, output: Output) -> Result<Document, Error> {
    let folder = tempfile::tempdir().map_err(|source| Error::Write { path: std::env::temp_dir(), source })?;
    let executor = execution::executor()?;
    let work = Work::prepare(&options, executor.clone()).await?;
    output.note("starting a local chain, an indexer, an API and five provider nodes");
    let (network, fallen) = start(folder.path().to_path_buf(), options.seed, executor).await?;
    let finished = work::run(&network, &work, fallen, output).await?;
    output.note("checking the books");
    let slot = network.settle_index(Duration::from_secs(60)).await?;
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
            slots: slot,
            transactions: books.transactions,
        },
        index: books.index,
        placement: finished.placement,
        overhead: books.overhead,
    };
    network.stop().await?;
    Ok(document)
}

async fn start(
    folder: PathBuf,
    seed: u64,
    executor: Arc<dyn Executor>,
) -> Result<(Network, UnboundedReceiver<u16>), Error> {
    let (trip, fallen) = Trip::new();
    let config = NetworkConfig {
        seed,
        slot_ms: SLOT_MS,
        rpc_port: None,
        ws_port: None,
        api_port: None,
        providers: PROVIDERS,
        folder,
        params: network::local_params(),
        // A shard of the dead node must be seen to be handed on because it died, and not be finished before
        // that by a duplicate that the tail of every job gets.
        engine: mira_dispatch::Config { tail: Bps::ZERO, ..network::engine(seed) },
        executor: Box::new(move |index| trip.executor(index, executor.clone())),
    };
    Ok((Network::start(&config).await?, fallen))
}
