//! `owners`: eight workers and two dispatchers on one PostgreSQL, as processes that are paused and killed while jobs
//! run. No shard ever has two valid owners, every job completes, and the standby takes over in time.
//!
//! | module | holds |
//! | --- | --- |
//! | [`child`], [`replica`] | the dispatcher's process, and how it is started, paused, killed and asked |
//! | [`rows`], [`feed`] | the chain's side, fed as rows; the jobs |
//! | [`worker`] | the workers, over HTTP |
//! | [`strike`] | what happens to the dispatchers |
//! | [`story`] | what the workers saw, and what must hold of it |
//! | [`replay`] | the log, fed again while it grows and is pruned, against what the workers saw |

pub mod child;
mod feed;
mod replay;
mod replica;
mod rows;
mod story;
mod strike;
mod worker;

use crate::clock::Stopwatch;
use crate::crash::postgres::Cluster;
use crate::report::Report;
use anyhow::Context;
use futures_util::future::try_join_all;
use mira_wire::clock::now_ms;
use mira_wire::request::RequestSigner as _;
use replay::Scribe;
use replica::{Replica, Setup};
use rows::Chain;
use serde_json::json;
use solana_sdk::signer::Signer as _;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use story::Story;
use strike::{Pair, Tally};
use tokio_util::sync::CancellationToken;
use worker::{Floor, Worker, operator};

const WORKERS: usize = 8;
/// What the issue allows a take-over.
const GOAL: Duration = Duration::from_secs(5);
const LOG: &str = "dispatchers.log";

/// How much is done, and what happens meanwhile.
#[derive(clap::Args)]
pub struct Args {
    /// How many jobs, of three shards each.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    jobs: u32,
    /// How often a dispatcher is paused or killed; by default as fits the jobs.
    #[arg(long)]
    strikes: Option<u32>,
    /// How long a dispatcher may be silent before the other one takes over.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(300..))]
    hold_ms: u64,
}

/// What a run came to.
struct Outcome {
    story: Story,
    tally: Tally,
    replayed: replay::Replayed,
    seconds: Duration,
}

/// Strikes, and judges.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let jobs = usize::try_from(args.jobs)?;
    let strikes = args.strikes.map_or((jobs / 300).clamp(6, 60), |strikes| usize::try_from(strikes).unwrap_or(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let folder = tempfile::Builder::new().prefix("mira-owners-").tempdir()?;
    let outcome = runtime.block_on(play(args, jobs, strikes, seed, folder.path()));
    let (mut findings, figures, text) = match &outcome {
        Ok(outcome) => (outcome.findings(jobs), outcome.figures(jobs), outcome.text(jobs)),
        Err(error) => (vec![format!("{error:#}")], json!({}), String::new()),
    };
    if !findings.is_empty() {
        findings.push(format!("again: cargo xtask owners --jobs {jobs} --strikes {strikes} --seed {seed}"));
        findings.push(format!("what the dispatchers said is in {}", folder.keep().join(LOG).display()));
    }
    Ok(Report { command: "owners", seed, figures, text, findings })
}

async fn play(args: &Args, jobs: usize, strikes: usize, seed: u64, folder: &Path) -> anyhow::Result<Outcome> {
    let cluster = Cluster::make().await?;
    let setup =
        Setup { database: cluster.url(), blobs: folder.join("blobs"), log: folder.join(LOG), hold_ms: args.hold_ms };
    let store = mira_store::open(&setup.database).await?;
    let mut pair =
        Pair { replicas: [Replica::new()?, Replica::new()?], setup: &setup, store: &*store, tally: Tally::default() };
    for replica in &mut pair.replicas {
        replica.start(&setup).await?;
    }
    let watch = Stopwatch::start();
    let (spec, output) = feed::upload(&pair.replicas[0].client).await?;
    let floor = Arc::new(Floor {
        replicas: pair.replicas.iter().map(|replica| replica.client.clone()).collect(),
        likely: AtomicUsize::new(0),
        story: Mutex::default(),
        jobs: Mutex::default(),
        output,
        released: AtomicUsize::new(0),
        stop: CancellationToken::new(),
    });
    let now = i64::try_from(now_ms() / 1_000)?;
    let mut chain = Chain::new(&*store, child::dispatcher().pubkey().to_bytes(), spec, now);
    let workers = staff(&floor, &mut chain, seed).await?;
    let plan = strike::plan(strikes, args.hold_ms, seed);
    let work = feed::feed(&floor, &mut chain, jobs);
    let struck = pair.strike(&plan, seed, jobs, &floor);
    let play = async {
        let played = tokio::try_join!(work, struck);
        floor.stop.cancel();
        played.map(drop)
    };
    let mut scribe = Scribe::new(&*store);
    tokio::try_join!(play, try_join_all(workers.into_iter().map(Worker::run)), scribe.run(&floor.stop))?;
    let seconds = watch.elapsed();
    pair.end().await?;
    let story = std::mem::take(&mut *floor.story.lock().unwrap_or_else(PoisonError::into_inner));
    let replayed = scribe.end(&story).await?;
    let tally = pair.tally;
    store.close().await;
    cluster.stop().await?;
    Ok(Outcome { story, tally, replayed, seconds })
}

/// Registers the workers' providers and has them offer.
async fn staff(floor: &Arc<Floor>, chain: &mut Chain<'_>, seed: u64) -> anyhow::Result<Vec<Worker>> {
    chain.network();
    (0..WORKERS).for_each(|number| chain.provider(number, operator(number).key()));
    chain.commit().await?;
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        let worker = Worker::new(number, floor.clone(), seed);
        worker.offer().await.context("the run was ended")??;
        workers.push(worker);
    }
    Ok(workers)
}

impl Outcome {
    /// Take-over times, shortest first, in milliseconds.
    fn take_overs(&self) -> Vec<u128> {
        let mut times: Vec<u128> = self.tally.take_overs.iter().map(Duration::as_millis).collect();
        times.sort_unstable();
        times
    }

    fn findings(&self, jobs: usize) -> Vec<String> {
        let mut findings = self.story.findings(jobs, feed::SHARDS);
        findings.extend(self.replayed.findings());
        let late = self.tally.take_overs.iter().filter(|time| **time > GOAL).count();
        if late > 0 {
            findings.push(format!("{late} take-overs took longer than {} s", GOAL.as_secs()));
        }
        if self.tally.take_overs.is_empty() {
            findings.push("no take-over was seen: nothing was shown".to_owned());
        }
        findings
    }

    fn figures(&self, jobs: usize) -> serde_json::Value {
        let (times, story, tally) = (self.take_overs(), &self.story, &self.tally);
        json!({ "jobs": jobs, "shards": story.accepted, "workers": WORKERS, "assigned": story.assigned,
            "abandoned": story.abandoned, "late_results_refused": story.rejected, "kills": tally.kills,
            "pauses": tally.pauses, "take_overs": times.len(), "take_over_ms": { "p50": times.get(times.len() / 2),
            "max": times.last() }, "stale_writes_refused": tally.refused, "inputs_replayed": self.replayed.inputs,
            "diverged": self.replayed.diverged, "inputs_pruned": self.replayed.pruned,
            "snapshots": self.replayed.snapshots, "seconds": self.seconds.as_secs() })
    }

    fn text(&self, jobs: usize) -> String {
        let (times, story, tally) = (self.take_overs(), &self.story, &self.tally);
        let of = |time: Option<&u128>| time.map_or_else(|| "-".to_owned(), u128::to_string);
        format!(
            "{jobs} jobs, {} shards with one result each, {WORKERS} workers, 2 dispatchers, {} s\n\
             {} attempts handed out, {} of them abandoned, {} late results refused\n\
             {} kills, {} pauses, {} take-overs: p50 {} ms, longest {} ms; {} stale writers refused\n\
             {} inputs replayed, {} decided otherwise; {} of them pruned behind {} snapshots",
            story.accepted,
            self.seconds.as_secs(),
            story.assigned,
            story.abandoned,
            story.rejected,
            tally.kills,
            tally.pauses,
            times.len(),
            of(times.get(times.len() / 2)),
            of(times.last()),
            tally.refused,
            self.replayed.inputs,
            self.replayed.diverged,
            self.replayed.pruned,
            self.replayed.snapshots
        )
    }
}
