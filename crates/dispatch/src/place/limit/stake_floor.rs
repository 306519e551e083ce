//! The job may demand a least active stake.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    seen.provider.facts.stake >= ask.min_provider_stake
}
