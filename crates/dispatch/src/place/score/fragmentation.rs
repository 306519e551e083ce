//! What of the machine's GPUs the job would leave of no use to the jobs that are usual: in millionths of a GPU, which is what
//! a penalty counts anyway. A provider that says nothing about its machine has only slots, which are all alike.

use crate::place::ask::{Ask, Seen};
use crate::place::score::WORST;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let rise = seen.provider.free().and_then(|free| seen.view.waste.rise(&free, ask.needs));
    // What leaves the machine of more use than before is not more than harmless.
    u64::try_from(rise.unwrap_or(0)).unwrap_or(0).min(WORST)
}
