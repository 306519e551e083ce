//! `crash`: the real indexer as a process, killed with `kill -9` at named points and at random times while a real
//! chain goes on, and started again on the same database. In the end its tables are those of an index that was
//! never killed. With PostgreSQL, the server is killed too, with an API on it.
//!
//! | module | holds |
//! | --- | --- |
//! | [`plan`], [`point`] | which kills, and where |
//! | [`child`], [`striker`], [`process`] | the process that is killed, what strikes it, how it is started |
//! | [`work`] | what happens on the chain meanwhile |
//! | [`postgres`], [`outage`] | a server of one's own, and its end |
//! | [`verdict`] | what has to hold |

pub mod child;
mod outage;
mod plan;
mod point;
pub mod postgres;
mod process;
pub mod signal;
mod striker;
mod verdict;
mod work;

use crate::clock::Stopwatch;
use crate::report::Report;
use anyhow::{Context, bail};
use mira_indexer::STREAM;
use mira_store::Store;
use mira_store::model::Set;
use mira_testkit::network::Network;
use outage::Outage;
use plan::Kill;
use postgres::Cluster;
use process::Indexers;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use verdict::Compared;

/// How long the last indexer may take to come to the end of the chain.
const LONG: Duration = Duration::from_secs(300);
const LOOK: Duration = Duration::from_millis(50);

/// What is killed, and how often.
#[derive(clap::Args)]
pub struct Args {
    /// How often the indexer is killed: at a named point and at a random time in turn.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    kills: u16,
    /// The database. PostgreSQL is a server made for the run alone.
    #[arg(long, value_enum)]
    db: Engine,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

/// How the kills struck.
#[derive(Default)]
struct Tally {
    /// By named point: how often, and how often with the call under way.
    points: BTreeMap<String, (u32, u32)>,
    random: u32,
}

/// What a run came to.
struct Outcome {
    tally: Tally,
    transactions: usize,
    outage: Option<Outage>,
    compared: Compared,
}

/// Kills, and compares.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let watch = Stopwatch::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let folder = tempfile::Builder::new().prefix("mira-crash-").tempdir()?;
    let (name, kills) = (args.db.name(), args.kills);
    let again = format!("again: cargo xtask crash --kills {kills} --db {name} --seed {seed}");
    let outcome = runtime.block_on(play(args, seed, folder.path()));
    let mut findings = match &outcome {
        Ok(outcome) => outcome.compared.findings.clone(),
        Err(error) => vec![format!("{error:#}")],
    };
    findings.extend(outcome.iter().filter_map(|outcome| outcome.outage.as_ref()).flat_map(Outage::findings));
    for finding in &mut findings {
        *finding = format!("{finding}; {again}");
    }
    if !findings.is_empty() {
        findings.push(format!("what the indexers said is in {}", folder.keep().join(LOG).display()));
    }
    let (figures, text) = outcome.map_or_else(
        |_| (json!({}), String::new()),
        |outcome| {
            let seconds = watch.elapsed().as_secs();
            (outcome.figures(name, seconds), outcome.text(name, seconds))
        },
    );
    Ok(Report { command: "crash", seed, figures, text, findings })
}

const LOG: &str = "indexers.log";

/// One run: the chain and its work, the kills, the end.
async fn play(args: &Args, seed: u64, folder: &Path) -> anyhow::Result<Outcome> {
    let mut cluster = match args.db {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::make().await?),
    };
    let sqlite = || format!("sqlite:{}", folder.join("killed.sqlite").display());
    let database = cluster.as_ref().map_or_else(sqlite, Cluster::url);
    let network = Network::start(seed).await;
    network.furnish().await;
    let stop = CancellationToken::new();
    let work = async {
        let jobs = work::run(&network, &stop).await;
        anyhow::Ok(jobs)
    };
    let indexers = Indexers { rpc: network.rpc.url(), database: database.clone(), log: folder.join(LOG) };
    let plan = plan::plan(usize::from(args.kills), seed);
    let kill = async {
        let killed = strike(&indexers, &plan, cluster.as_mut(), &network, folder).await;
        stop.cancel();
        killed
    };
    let (_, (tally, outage, last)) = tokio::try_join!(work, kill)?;

    let slot = network.slot().await;
    let store = mira_store::open(&database).await?;
    reaches(store.as_ref(), slot).await?;
    last.end().await?;
    let compared = verdict::compare(store.as_ref(), &network, slot, folder).await?;
    store.close().await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    let transactions = network.sent().len();
    network.chain.shutdown().await;
    Ok(Outcome { tally, transactions, outage, compared })
}

/// All kills, and an indexer that goes on after them.
async fn strike(
    indexers: &Indexers,
    plan: &[Kill],
    cluster: Option<&mut Cluster>,
    network: &Network,
    folder: &Path,
) -> anyhow::Result<(Tally, Option<Outage>, process::Running)> {
    let mut tally = Tally::default();
    for (turn, kill) in plan.iter().enumerate() {
        match kill {
            Kill::At(strike) => {
                let pending = indexers.strike(*strike).await.with_context(|| format!("kill {}", turn + 1))?;
                let (struck, under_way) = tally.points.entry(strike.point.to_string()).or_default();
                *struck += 1;
                *under_way += u32::from(pending);
            }
            Kill::Random(after) => {
                indexers.strike_after(*after).await.with_context(|| format!("kill {}", turn + 1))?;
                tally.random += 1;
            }
        }
    }
    let last = indexers.start()?;
    let outage = match cluster {
        Some(cluster) => Some(outage::strike(cluster, network, folder).await?),
        None => None,
    };
    Ok((tally, outage, last))
}

/// Waits until everything up to a slot is stored, and nothing confirmed is left above it.
async fn reaches(store: &dyn Store, slot: u64) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    loop {
        let cursor = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot);
        let arrived = cursor.is_some_and(|cursor| cursor >= slot);
        if arrived && store.state_digest(Set::Confirmed, STREAM).await?.rows == 0 {
            return Ok(());
        }
        if watch.elapsed() > LONG {
            bail!("after the kills the indexer came to slot {cursor:?} of {slot} in {} s", LONG.as_secs());
        }
        sleep(LOOK).await;
    }
}

impl Engine {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Outcome {
    fn under_way(&self) -> u32 {
        self.tally.points.values().map(|(_, under_way)| under_way).sum()
    }

    fn at_points(&self) -> u32 {
        self.tally.points.values().map(|(struck, _)| struck).sum()
    }

    fn figures(&self, db: &str, seconds: u64) -> serde_json::Value {
        let point = |(name, (struck, under_way)): (&String, &(u32, u32))| {
            (name.clone(), json!({ "struck": struck, "under_way": under_way }))
        };
        let points: serde_json::Map<_, _> = self.tally.points.iter().map(point).collect();
        json!({ "db": db, "kills_at_points": self.at_points(), "kills_under_way": self.under_way(),
            "kills_at_random": self.tally.random, "points": points, "transactions": self.transactions,
            "events": self.compared.events, "slots": self.compared.slots, "state_hash": self.compared.state_hash,
            "outage": self.outage.as_ref().map(Outage::figures), "seconds": seconds })
    }

    fn text(&self, db: &str, seconds: u64) -> String {
        let mut lines = vec![format!(
            "{db}: {} kills at named points, {} of them with the call under way, and {} at random times",
            self.at_points(),
            self.under_way(),
            self.tally.random
        )];
        for (name, (struck, under_way)) in &self.tally.points {
            lines.push(format!("  {name}: {struck}, {under_way} under way"));
        }
        lines.push(format!(
            "{} transactions, {} events, {} slots in {seconds} s; state {}",
            self.transactions, self.compared.events, self.compared.slots, self.compared.state_hash
        ));
        lines.extend(self.outage.iter().map(Outage::to_string));
        lines.join("\n")
    }
}
