//! Tasks on a GPU cluster: how much of its GPUs each policy fills when more is asked for than there is.
//!
//! The published setting (Weng et al., "Beware of Fragmentation", ATC 2023): the nodes with GPUs only; the tasks in
//! random order, then tasks drawn from them again, until they ask for 130 % of all GPUs; no task ever ends; one that
//! fits nowhere is dropped. What is measured is the GPU allocated once so much has arrived. Seeds number the same runs
//! as the published ones, but the draws are of another generator, so that means compare and single runs do not.
//!
//! | module | holds |
//! | --- | --- |
//! | [`arrivals`] | the order of tasks and nodes in one run |
//! | [`policy`] | the published policies, by a full scan; the memoised ones, by the engine's own code |
//! | [`replay`] | one run |
//! | [`bound`] | what no policy can exceed |
//! | [`kept`] | what no policy that places whatever fits can exceed where only GPUs are short |

pub mod arrivals;
pub mod bound;
pub mod kept;
pub mod policy;
pub mod replay;

use std::collections::BTreeMap;
use std::time::Duration;

use mira_dispatch::pack::Workload;
use serde::Serialize;

use crate::parallel;
use crate::stats::Estimate;
use crate::trace::openb::Trace;
use arrivals::Arrivals;
use policy::Policy;
use replay::Replay;

/// Tasks are typical if they are of the most popular classes that together make up this much. Percent.
pub const POPULARITY: u8 = 95;

/// What to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Nodes and tasks.
    pub trace: Trace,
    /// What is asked for, of all GPUs. Percent; the published runs ask for 130.
    pub load: u32,
    /// One run each; 42 to 51 are the published ones.
    pub seeds: Vec<u64>,
    /// Who places.
    pub policies: Vec<Policy>,
    /// Time from any fixed point on: read before and after each run.
    pub clock: fn() -> Duration,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// What is asked for. Percent of all GPUs.
    pub load: u32,
    /// Nodes.
    pub nodes: usize,
    /// GPUs.
    pub gpus: u64,
    /// Tasks that arrive, over the seeds.
    pub tasks: Estimate,
    /// No policy allocates more than this, even one that refuses tasks. Percent of all GPUs.
    pub bound: Estimate,
    /// No policy that places whatever fits allocates more than this where only GPUs are short. Percent of all GPUs.
    pub kept_bound: Estimate,
    /// One for each policy.
    pub rows: Vec<Row>,
    /// Whether [`Policy::Fgd`] and [`Policy::FgdScan`] put every task on the same GPUs, a seed each; empty unless
    /// both ran.
    pub fgd_equals_scan: Vec<(u64, bool)>,
}

/// One policy.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub policy: &'static str,
    /// GPU allocated at the full load. Percent of all GPUs.
    pub allocation: Estimate,
    /// The same, at each percent of arrived load from 0 on: the mean over the seeds.
    pub curve: Vec<f64>,
    /// The same at the full load, for each seed.
    pub by_seed: Vec<(u64, f64)>,
    /// Tasks dropped.
    pub dropped: Estimate,
    /// Where the idle GPU is: parts of so many thousandths, and what all of that size are together, in percent of all
    /// GPUs, the mean over the seeds. The largest sums first.
    pub idle: Vec<(u16, f64)>,
    /// Tasks placed or dropped a second, on one core.
    pub decisions_per_s: Estimate,
    /// Tasks placed a second, dropped ones not counted.
    pub placements_per_s: Estimate,
}

/// Runs every policy on every seed, one after the other.
///
/// # Errors
/// The bound's linear program cannot be solved.
pub fn run(settings: &Settings) -> anyhow::Result<Outcome> {
    let trace = &settings.trace;
    let workload = Workload::count(&trace.tasks, POPULARITY);
    let arrivals: Vec<_> = settings.seeds.iter().map(|seed| Arrivals::draw(trace, settings.load, *seed)).collect();
    let replays: Vec<Vec<Replay>> = settings
        .policies
        .iter()
        .map(|policy| arrivals.iter().map(|run| Replay::new(run, &workload, *policy, settings)).collect())
        .collect();
    let bounds: Vec<f64> = arrivals.iter().map(bound::allocation).collect::<anyhow::Result<_>>()?;
    let kept_bounds: Vec<f64> =
        parallel::map(&arrivals, kept::allocation).into_iter().collect::<anyhow::Result<_>>()?;
    let gpus = trace.machines.iter().map(|machine| u64::from(machine.gpus)).sum();
    let tasks: Vec<f64> = arrivals.iter().map(|run| run.tasks.len() as f64).collect();
    let rows = settings.policies.iter().zip(&replays).map(|(policy, runs)| row(*policy, &settings.seeds, runs, gpus));
    Ok(Outcome {
        load: settings.load,
        nodes: trace.machines.len(),
        gpus,
        tasks: Estimate::of(&tasks),
        bound: Estimate::of(&bounds),
        kept_bound: Estimate::of(&kept_bounds),
        rows: rows.collect(),
        fgd_equals_scan: equal(settings, &replays),
    })
}

fn row(policy: Policy, seeds: &[u64], runs: &[Replay], gpus: u64) -> Row {
    let over = |value: fn(&Replay) -> f64| Estimate::of(&runs.iter().map(value).collect::<Vec<_>>());
    let points = runs.iter().map(|run| run.curve.len()).min().unwrap_or(0);
    let mean_at = |point: usize| runs.iter().map(|run| run.curve[point]).sum::<f64>() / runs.len() as f64;
    Row {
        policy: policy.name(),
        allocation: over(Replay::allocation),
        curve: (0..points).map(mean_at).collect(),
        by_seed: seeds.iter().copied().zip(runs.iter().map(Replay::allocation)).collect(),
        dropped: over(|run| run.dropped() as f64),
        idle: idle(runs, gpus),
        decisions_per_s: over(|run| run.decisions.len() as f64 / run.took.as_secs_f64()),
        placements_per_s: over(|run| (run.decisions.len() - run.dropped()) as f64 / run.took.as_secs_f64()),
    }
}

fn idle(runs: &[Replay], gpus: u64) -> Vec<(u16, f64)> {
    let mut sums = BTreeMap::<u16, f64>::new();
    for (milli, count) in runs.iter().flat_map(|run| &run.left) {
        *sums.entry(*milli).or_default() += f64::from(*milli) * f64::from(*count);
    }
    let percent = |sum: f64| sum / 10.0 / gpus as f64 / runs.len() as f64;
    let mut idle: Vec<_> = sums.into_iter().map(|(milli, sum)| (milli, percent(sum))).collect();
    idle.sort_by(|a, b| b.1.total_cmp(&a.1));
    idle
}

fn equal(settings: &Settings, replays: &[Vec<Replay>]) -> Vec<(u64, bool)> {
    let of = |policy| settings.policies.iter().position(|other| *other == policy).and_then(|at| replays.get(at));
    let (Some(fgd), Some(scan)) = (of(Policy::Fgd), of(Policy::FgdScan)) else { return vec![] };
    let same = fgd.iter().zip(scan).map(|(fgd, scan)| fgd.decisions == scan.decisions);
    settings.seeds.iter().copied().zip(same).collect()
}

#[cfg(test)]
mod tests;
