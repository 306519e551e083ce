//! The machine must be what the job asks for, meter what it pays for, have slots at all, and be large enough for one
//! slot of the job. A machine that says nothing about itself fits only what needs nothing in particular.

use crate::place::ask::{Ask, Seen};
use crate::service::{Machine, Needs};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let offer = seen.offer;
    let machine = *ask.needs == Needs::default() || offer.machine.as_ref().is_some_and(|has| fits(ask.needs, has));
    offer.slots > 0 && offer.resource_class == ask.resource_class && offer.unit_kind == ask.unit_kind && machine
}

/// Whether the empty machine has room for one slot.
fn fits(needs: &Needs, has: &Machine) -> bool {
    let model = needs.models.is_empty() || has.model.is_some_and(|model| needs.models.contains(&model));
    needs.cpu_milli <= has.cpu_milli && needs.memory_mib <= has.memory_mib && needs.gpus <= has.gpus && model
}
