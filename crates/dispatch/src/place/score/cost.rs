//! The price as a part of the most that the job pays.

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    ratio(seen.offer.unit_price.get(), ask.max_unit_price.get())
}
