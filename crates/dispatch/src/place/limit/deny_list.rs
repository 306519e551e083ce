//! A job may deny providers, or all providers of an owner or of an operator.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let facts = &seen.provider.facts;
    !ask.deny.iter().any(|key| [facts.provider, facts.owner, facts.operator].contains(key))
}
