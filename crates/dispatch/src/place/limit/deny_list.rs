//! A job may deny providers, or all providers of an owner.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let facts = &seen.provider.facts;
    !ask.deny.iter().any(|key| *key == facts.provider || *key == facts.owner)
}
