//! One owner holds at most the job's `max_share` of its funding, however many providers it runs; and
//! until the job is spread over enough owners, none gets a second lease. Of a gang's members it is the same part.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let owner = &seen.provider.facts.owner;
    if seen.held.full.contains(owner) || (ask.new_owners_only && !seen.held.of(owner).is_zero()) {
        return false;
    }
    seen.least_cap(ask).is_some_and(|least| least <= seen.owner_room(ask))
}
