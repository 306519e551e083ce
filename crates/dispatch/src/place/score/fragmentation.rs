//! What of the provider's machine the job would leave unusable for others. A provider that says nothing about its
//! machine has only slots, which are all alike.

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let Some(machine) = &seen.offer.machine else { return 0 };
    if ask.needs.gpus > 0 || machine.gpus == 0 {
        return 0;
    }
    // Work without need of a GPU takes the cores and the memory that its GPUs cannot do without.
    let cpu = ratio(u64::from(ask.needs.cpu_milli), u64::from(machine.cpu_milli));
    cpu.max(ratio(u64::from(ask.needs.memory_mib), u64::from(machine.memory_mib)))
}
