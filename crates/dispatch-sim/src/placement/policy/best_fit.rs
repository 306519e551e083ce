//! The node that has the least left once the task is on it: cores and GPUs, each over the largest node's, weigh the
//! same. In steps of a hundredth; the first of equals.

use mira_dispatch::pack::Free;
use mira_dispatch::service::Needs;

use super::{Choice, first_whole, roomy, shares};
use crate::placement::arrivals::asked_milli;

/// The largest node's cores and GPUs, as published. Thousandths.
const MOST_CPU: f64 = 128_000.0;
const MOST_GPU: f64 = 8_000.0;

pub(super) fn place(free: &[Free], task: &Needs) -> Option<Choice> {
    let mut best: Option<(f64, usize)> = None;
    for (node, free) in free.iter().enumerate().filter(|(_, free)| free.fits(task)) {
        let cpu = f64::from(free.cpu_milli - task.cpu_milli) / MOST_CPU;
        let gpu = (f64::from(free.gpu_milli()) - asked_milli(task) as f64) / MOST_GPU;
        let score = ((1.0 - (cpu + gpu) / 2.0) * 100.0).trunc();
        if best.is_none_or(|(best, _)| score > best) {
            best = Some((score, node));
        }
    }
    let (_, node) = best?;
    if !shares(task) {
        return Some((node, first_whole(&free[node], task)));
    }
    let tightest = roomy(&free[node], task).min_by_key(|(_, milli)| *milli);
    Some((node, tightest.map(|(gpu, _)| gpu).into_iter().collect()))
}
