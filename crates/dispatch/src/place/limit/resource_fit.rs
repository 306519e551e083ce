//! The machine must be what the job asks for, meter what it pays for, have slots at all, and have room left for one slot
//! of the job. A machine that says nothing about itself fits only what needs nothing in particular.

use crate::place::ask::{Ask, Seen};
use crate::service::Needs;

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let offer = seen.offer;
    let room = *ask.needs == Needs::default() || seen.provider.free().is_some_and(|free| free.fits(ask.needs));
    offer.slots > 0 && offer.resource_class == ask.resource_class && offer.unit_kind == ask.unit_kind && room
}
