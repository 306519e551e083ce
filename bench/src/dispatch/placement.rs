//! `bench dispatch placement`: which workloads, from which files.

use super::{Args, files};
use crate::clock::Stopwatch;
use anyhow::bail;
use mira_dispatch_sim::placement::{self, Settings, policy::Policy};
use mira_dispatch_sim::report::{Section, placement as report};
use mira_dispatch_sim::stats::Estimate;
use mira_dispatch_sim::trace::{openb, synthetic};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

/// What is asked for, of all GPUs, in percent: that of the published runs.
const LOAD: u32 = 130;
/// The published workloads that are run.
const WORKLOADS: [&str; 2] = ["default", "multigpu50"];
/// The published runs are numbered from 42 on, ours from 1 on.
const FIRST_PUBLISHED: u64 = 42;
/// Tasks of a synthetic workload: as many as openb has.
const TASKS: usize = 8_152;

/// Runs every policy on every workload.
///
/// # Errors
/// A file cannot be read, or only one of the two is named.
pub fn measure(args: &Args, seeds: &[u64]) -> anyhow::Result<Section> {
    let first = seeds.first().copied().unwrap_or(1);
    let (source, workloads) = match (&args.nodes, &args.pods, &args.traces) {
        (Some(nodes), Some(pods), _) => {
            let source = format!("Nodes: {}. Tasks: {}.", files::name(nodes), files::name(pods));
            (source, vec![run(files::stem(pods), openb::read(nodes, pods)?, None, seeds)?])
        }
        (None, None, Some(folder)) => {
            let of = |name: &&str| -> anyhow::Result<report::Workload> {
                run((*name).to_owned(), openb::from_folder(folder, name)?, Some(folder), seeds)
            };
            let source = "openb, the nodes with GPUs; published: its authors' 10 runs of each policy.".to_owned();
            (source, WORKLOADS.iter().map(of).collect::<anyhow::Result<Vec<_>>>()?)
        }
        (None, None, None) => {
            let (machines, tasks) = synthetic::cluster(first, TASKS);
            let trace = openb::Trace { machines, tasks };
            let source = format!("Nodes and tasks: synthetic, seed {first}.");
            (source, vec![run("synthetic".to_owned(), trace, None, seeds)?])
        }
        _ => bail!("--nodes and --pods go together"),
    };
    report::section(&source, &workloads)
}

fn run(
    name: String,
    trace: openb::Trace,
    published: Option<&PathBuf>,
    seeds: &[u64],
) -> anyhow::Result<report::Workload> {
    let seeds = seeds.iter().map(|seed| seed.saturating_add(FIRST_PUBLISHED - 1)).collect();
    let settings = Settings { trace, load: LOAD, seeds, policies: Policy::ALL.to_vec(), clock };
    let outcome = placement::run(&settings)?;
    let published = match published {
        Some(folder) => of_published(&folder.join(openb::PUBLISHED), &name)?,
        None => Vec::new(),
    };
    Ok(report::Workload { name, outcome, published })
}

/// What was published for a workload, by policy.
fn of_published(path: &Path, workload: &str) -> anyhow::Result<Vec<(&'static str, Estimate)>> {
    let named = Policy::ALL.into_iter().filter_map(|policy| Some((policy.name(), policy.published()?)));
    let of = |(name, published): (&'static str, &str)| -> anyhow::Result<(&'static str, Estimate)> {
        Ok((name, Estimate::of(&openb::published(path, workload, published, LOAD)?)))
    };
    named.map(of).collect()
}

/// Time from its first call on.
fn clock() -> Duration {
    static START: OnceLock<Stopwatch> = OnceLock::new();
    START.get_or_init(Stopwatch::start).elapsed()
}
