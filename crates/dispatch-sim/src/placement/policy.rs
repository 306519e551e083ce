//! Who places. The published policies look at every node for every task, and go by their definitions, term by term;
//! ours are the engine's own code.

mod best_fit;
mod fgd_scan;
mod random;

use mira_dispatch::pack::free::each_milli;
use mira_dispatch::pack::{self, Cluster, Free, GPU_MILLI, Workload};
use mira_dispatch::service::Needs;

use super::arrivals::Arrivals;
use crate::rng::Rng;

const STREAM: u64 = 3;

/// A policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Any node that fits, and any GPU of it.
    Random,
    /// The node that has the least left, cores and GPUs alike; the GPU that has the least left.
    BestFit,
    /// Fragmentation gradient descent by a full scan.
    FgdScan,
    /// The same with memoised deltas.
    Fgd,
    /// Ours: the measure that looks ahead.
    Lookahead,
}

impl Policy {
    /// All, from the weakest on.
    pub const ALL: [Policy; 5] = [Policy::Random, Policy::BestFit, Policy::FgdScan, Policy::Fgd, Policy::Lookahead];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Random => "random",
            Policy::BestFit => "best-fit",
            Policy::FgdScan => "fgd, full scan",
            Policy::Fgd => "fgd",
            Policy::Lookahead => "lookahead",
        }
    }

    /// What the published results call it.
    pub const fn published(self) -> Option<&'static str> {
        match self {
            Policy::Random => Some("01-Random"),
            Policy::BestFit => Some("05-BestFit"),
            Policy::FgdScan | Policy::Fgd => Some("06-FGD"),
            Policy::Lookahead => None,
        }
    }
}

/// A node and its GPUs.
pub(super) type Choice = (usize, Vec<u16>);

/// A policy at work on one run.
pub(super) enum Placer {
    Memoised(Box<Cluster>),
    Scan { free: Vec<Free>, rng: Rng, scan: Scan },
}

pub(super) enum Scan {
    Random,
    BestFit,
    Fgd(fgd_scan::FgdScan),
}

impl Placer {
    pub(super) fn new(run: &Arrivals, workload: &Workload, policy: Policy) -> Self {
        let memoised = |policy| Placer::Memoised(Box::new(Cluster::new(run.machines.clone(), workload, policy)));
        let free: Vec<_> = run.machines.iter().map(Free::of).collect();
        let rng = Rng::new(run.seed, STREAM);
        match policy {
            Policy::Fgd => memoised(pack::Policy::Fgd),
            Policy::Lookahead => memoised(pack::Policy::Lookahead),
            Policy::Random => Placer::Scan { free, rng, scan: Scan::Random },
            Policy::BestFit => Placer::Scan { free, rng, scan: Scan::BestFit },
            Policy::FgdScan => {
                let scan = Scan::Fgd(fgd_scan::FgdScan::new(workload, &free));
                Placer::Scan { free, rng, scan }
            }
        }
    }

    /// Places one task, unless it fits nowhere.
    pub(super) fn place(&mut self, task: &Needs) -> Option<Choice> {
        match self {
            Placer::Memoised(cluster) => cluster.place(task).map(|placed| (placed.node, placed.gpus)),
            Placer::Scan { free, rng, scan } => {
                let (node, gpus) = match scan {
                    Scan::Random => random::place(free, task, rng),
                    Scan::BestFit => best_fit::place(free, task),
                    Scan::Fgd(fgd) => fgd.place(free, task),
                }?;
                free[node].take(task, &gpus);
                if let Scan::Fgd(fgd) = scan {
                    fgd.changed(node, &free[node]);
                }
                Some((node, gpus))
            }
        }
    }
}

/// The GPUs with room for a part of one.
fn roomy<'a>(free: &'a Free, task: &Needs) -> impl Iterator<Item = (u16, u16)> + 'a {
    let each = each_milli(task);
    (0u16..).zip(free.gpus.iter().copied()).filter(move |(_, milli)| *milli >= each)
}

/// Whether it takes a part of one GPU.
fn shares(task: &Needs) -> bool {
    task.gpus == 1 && task.gpu_milli < GPU_MILLI
}

/// The first whole GPUs, as many as it needs.
fn first_whole(free: &Free, task: &Needs) -> Vec<u16> {
    roomy(free, task).map(|(gpu, _)| gpu).take(usize::from(task.gpus)).collect()
}
