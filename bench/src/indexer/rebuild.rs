//! `rebuild` and `verify` of a recorded ledger, each in a process of its own: so its peak memory is its own,
//! and nothing is warm but the database.

use super::database::{Database, Engine};
use super::fold::Folded;
use super::ledger::{self, PER_SLOT};
use crate::clock::Stopwatch;
use crate::number::{per_second, thousands};
use anyhow::{Context, bail};
use mira_indexer::rebuild::{Report, rebuild, verify};
use serde::{Deserialize, Serialize};
use std::process::Stdio;
use std::time::Duration;

/// What a process of its own takes: `mira-bench rebuild`, which `bench indexer` runs.
#[derive(clap::Args)]
pub struct Args {
    /// The database.
    #[arg(long)]
    database: String,
    /// Only compare, in memory.
    #[arg(long)]
    verify: bool,
}

/// What such a process prints.
#[derive(Clone, Serialize, Deserialize)]
pub struct Once {
    /// Events folded.
    events: u64,
    micros: u64,
    /// The most memory that the process ever had, in kibibytes.
    pub peak_kib: u64,
    /// The hash of the rows that the indexer wrote, hexadecimal.
    live: String,
    /// The hash of those that this process folded.
    rebuilt: String,
}

impl Once {
    /// How fast it was.
    pub fn per_second(&self) -> u64 {
        per_second(self.events, Duration::from_micros(self.micros))
    }
}

/// Rebuilds or verifies a database and prints a line of JSON.
///
/// # Errors
/// The database does not work, or its ledger does not fold.
#[expect(clippy::print_stdout, reason = "it is how the parent hears of it")]
pub fn child(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let once = runtime.block_on(async {
        let store = mira_store::open(&args.database).await?;
        let watch = Stopwatch::start();
        let report = if args.verify { verify(&*store).await? } else { rebuild(&*store).await? };
        let micros = u64::try_from(watch.elapsed().as_micros())?;
        store.close().await;
        let Report { events, live, rebuilt, .. } = report;
        let (live, rebuilt) = (hex::encode(live), hex::encode(rebuilt));
        anyhow::Ok(Once { events, micros, peak_kib: peak_kib()?, live, rebuilt })
    })?;
    println!("{}", serde_json::to_string(&once)?);
    Ok(())
}

fn peak_kib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("peak memory is read from /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM in /proc")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// What it came to.
#[derive(Serialize)]
pub struct Rebuilt {
    /// Events in a second while the ledger was recorded: folded and stored, rows and all, batch by batch.
    pub record_per_second: u64,
    /// `rebuild` of the whole ledger.
    pub rebuild: Once,
    /// `verify` of the whole ledger: the same fold with all rows in memory.
    pub verify: Once,
    /// `rebuild` of its first half.
    pub rebuild_half: Once,
    /// `verify` of its first half.
    pub verify_half: Once,
}

/// Records the ledger of a seed, and its first half, and rebuilds both.
///
/// # Errors
/// The database or a process of its own does not work.
pub async fn measure(engine: &Engine, seed: u64, events: u64) -> anyhow::Result<Rebuilt> {
    let (_, rebuild_half, verify_half) = of(engine, seed, events / 2).await?;
    let (took, rebuild, verify) = of(engine, seed, events).await?;
    let record_per_second = per_second(events, took);
    Ok(Rebuilt { record_per_second, rebuild, verify, rebuild_half, verify_half })
}

async fn of(engine: &Engine, seed: u64, events: u64) -> anyhow::Result<(Duration, Once, Once)> {
    let database = Database::new(engine).await?;
    let took = ledger::record(&database, seed, events, PER_SLOT).await?;
    let verify = once(&database, true).await?;
    let rebuild = once(&database, false).await?;
    database.drop().await?;
    Ok((took, rebuild, verify))
}

/// Runs this program once more.
pub async fn once(database: &Database, verify: bool) -> anyhow::Result<Once> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.args(["rebuild", "--database", database.url()]).args(verify.then_some("--verify"));
    let output = command.stderr(Stdio::inherit()).output().await.context("cannot run this program again")?;
    if !output.status.success() {
        bail!("a rebuild in a process of its own failed: {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("a rebuild in a process of its own printed something else")
}

impl Rebuilt {
    /// What must not be: an event too few or too many, another hash.
    pub fn findings(&self, folded: &Folded) -> Vec<String> {
        let mut findings = Vec::new();
        let total: u64 = folded.events.values().sum();
        for (what, once) in [("rebuild", &self.rebuild), ("verify", &self.verify)] {
            if once.events != total {
                findings.push(format!("{what} folded {} of {} events", thousands(once.events), thousands(total)));
            }
            if once.live != folded.hash || once.rebuilt != folded.hash {
                findings.push(format!("{what} gives another hash than folding in memory"));
            }
        }
        for (what, once) in [("rebuild", &self.rebuild_half), ("verify", &self.verify_half)] {
            if once.live != once.rebuilt {
                findings.push(format!("{what} of half of the ledger gives another hash than it had"));
            }
        }
        findings
    }
}
