//! A job may name the regions it may run in; the one it names for latency is no rule.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    ask.regions.is_empty() || ask.regions.contains(&seen.offer.region)
}
