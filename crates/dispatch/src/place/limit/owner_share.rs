//! One owner holds at most the job's `max_share` of its funding, however many providers it runs; and
//! until the job is spread over enough owners, none gets a second lease.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    if ask.new_owners_only && !seen.held.of(&seen.provider.facts.owner).is_zero() {
        return false;
    }
    seen.least_cap(ask).is_some_and(|least| least <= seen.owner_room(ask))
}
