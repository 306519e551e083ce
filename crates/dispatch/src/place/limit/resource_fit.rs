//! The machine must be what the job asks for, meter what it pays for, and have slots at all.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let offer = seen.offer;
    let free = !seen.held.full.contains(&seen.provider.facts.provider);
    free && offer.slots > 0 && offer.resource_class == ask.resource_class && offer.unit_kind == ask.unit_kind
}
