//! Any node that fits, and any GPU of it.

use mira_dispatch::pack::Free;
use mira_dispatch::service::Needs;

use super::{Choice, first_whole, roomy, shares};
use crate::rng::Rng;

pub(super) fn place(free: &[Free], task: &Needs, rng: &mut Rng) -> Option<Choice> {
    let feasible: Vec<_> = (0..free.len()).filter(|node| free[*node].fits(task)).collect();
    if feasible.is_empty() {
        return None;
    }
    let node = feasible[rng.below(feasible.len())];
    if !shares(task) {
        return Some((node, first_whole(&free[node], task)));
    }
    let gpus: Vec<_> = roomy(&free[node], task).map(|(gpu, _)| gpu).collect();
    Some((node, vec![gpus[rng.below(gpus.len())]]))
}
