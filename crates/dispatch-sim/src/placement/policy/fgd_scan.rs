//! Fragmentation gradient descent, written down as it was published: every node, every GPU of it, every typical task.
//!
//! The score is 100 times the logistic function of the GPUs gained, cut to an integer. The first of equals wins.

use mira_dispatch::pack::{Class, Free, Workload};
use mira_dispatch::service::Needs;

use super::{Choice, first_whole, roomy, shares};

pub(in crate::placement) struct FgdScan {
    typical: Vec<Class>,
    weight: f64,
    /// The fragmentation of each node as it is.
    amounts: Vec<u64>,
}

impl FgdScan {
    pub(super) fn new(workload: &Workload, free: &[Free]) -> Self {
        let typical = workload.typical().to_vec();
        let weight = typical.iter().map(|class| class.count as f64).sum();
        let amounts = free.iter().map(|free| amount(free, &typical)).collect();
        FgdScan { typical, weight, amounts }
    }

    pub(super) fn place(&self, free: &[Free], task: &Needs) -> Option<Choice> {
        let mut best: Option<(f64, usize, Vec<u16>)> = None;
        for (node, before) in free.iter().enumerate().filter(|(_, free)| free.fits(task)) {
            let ways: Vec<Vec<u16>> = if shares(task) {
                roomy(before, task).map(|(gpu, _)| vec![gpu]).collect()
            } else {
                vec![first_whole(before, task)]
            };
            for gpus in ways {
                let mut after = before.clone();
                after.take(task, &gpus);
                let gain = self.amounts[node] as f64 - amount(&after, &self.typical) as f64;
                let score = (100.0 / (1.0 + (-gain / self.weight / 1_000.0).exp())).trunc();
                if best.as_ref().is_none_or(|best| score > best.0) {
                    best = Some((score, node, gpus));
                }
            }
        }
        best.map(|(_, node, gpus)| (node, gpus))
    }

    pub(super) fn changed(&mut self, node: usize, free: &Free) {
        self.amounts[node] = amount(free, &self.typical);
    }
}

/// Thousandths of free GPU that a typical task could not use, times how many such tasks there are.
fn amount(free: &Free, typical: &[Class]) -> u64 {
    let all: u64 = free.gpus.iter().map(|milli| u64::from(*milli)).sum();
    let unusable = |class: &Class| {
        let needs = &class.needs;
        let enough = free.gpus.iter().filter(|milli| **milli >= needs.gpu_milli).count() >= usize::from(needs.gpus);
        let usable = needs.gpus > 0 && free.has_model(&needs.models) && enough && free.cpu_milli >= needs.cpu_milli;
        let small = free.gpus.iter().filter(|milli| **milli < needs.gpu_milli).map(|milli| u64::from(*milli));
        class.count * if usable { small.sum() } else { all }
    };
    typical.iter().map(unusable).sum()
}
