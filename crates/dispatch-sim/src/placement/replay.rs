//! One run of one policy.

use std::collections::BTreeMap;
use std::time::Duration;

use mira_dispatch::pack::{Free, Workload};

use super::Settings;
use super::arrivals::{Arrivals, asked_milli};
use super::policy::{Placer, Policy};

/// What came of it.
#[derive(Clone, Debug)]
pub struct Replay {
    /// GPU allocated at each percent of arrived load, from 0 on. Percent of all GPUs. As published: the mean over the
    /// arrivals that round to that percent, or the value before where none does.
    pub curve: Vec<f64>,
    /// Where each task went: the node and its GPUs; nothing if it was dropped.
    pub decisions: Vec<Option<(usize, Vec<u16>)>>,
    /// What is left of GPUs at the end: how many have so many thousandths left. Those with nothing left are not in it.
    pub left: BTreeMap<u16, u32>,
    /// What deciding took, all together.
    pub took: Duration,
}

impl Replay {
    /// Runs a policy.
    pub fn new(run: &Arrivals, workload: &Workload, policy: Policy, settings: &Settings) -> Self {
        let mut placer = Placer::new(run, workload, policy);
        let before = (settings.clock)();
        let decisions: Vec<_> = run.tasks.iter().map(|task| placer.place(task)).collect();
        let took = (settings.clock)().saturating_sub(before);
        Replay { curve: curve(run, &decisions, settings.load), left: left(run, &decisions), decisions, took }
    }

    /// GPU allocated at the full load. Percent of all GPUs.
    pub fn allocation(&self) -> f64 {
        self.curve.last().copied().unwrap_or(0.0)
    }

    /// Tasks dropped.
    pub fn dropped(&self) -> usize {
        self.decisions.iter().filter(|decision| decision.is_none()).count()
    }
}

fn left(run: &Arrivals, decisions: &[Option<(usize, Vec<u16>)>]) -> BTreeMap<u16, u32> {
    let mut free: Vec<_> = run.machines.iter().map(Free::of).collect();
    for (task, decision) in run.tasks.iter().zip(decisions) {
        if let Some((node, gpus)) = decision {
            free[*node].take(task, gpus);
        }
    }
    let mut left = BTreeMap::new();
    for milli in free.iter().flat_map(|free| &free.gpus).filter(|milli| **milli > 0) {
        *left.entry(*milli).or_default() += 1;
    }
    left
}

fn curve(run: &Arrivals, decisions: &[Option<(usize, Vec<u16>)>], load: u32) -> Vec<f64> {
    let all = run.gpu_milli() as f64;
    let (mut arrived, mut allocated) = (0u64, 0u64);
    let mut sums = vec![(0.0, 0u32); load as usize + 1];
    for (task, decision) in run.tasks.iter().zip(decisions) {
        arrived += asked_milli(task);
        allocated += decision.as_ref().map_or(0, |_| asked_milli(task));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage, not negative")]
        let percent = (arrived as f64 / all * 100.0).round() as usize;
        if let Some((sum, count)) = sums.get_mut(percent) {
            *sum += allocated as f64 / all * 100.0;
            *count += 1;
        }
    }
    let mut last = 0.0;
    let mean = |(sum, count): (f64, u32)| {
        if count > 0 {
            last = sum / f64::from(count);
        }
        last
    };
    sums.into_iter().map(mean).collect()
}
