//! What the provider's owner already holds: the larger of its part of this job and its part of all
//! the dispatcher's leases.

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let owner = &seen.provider.facts.owner;
    let of_job = ratio(seen.held.of(owner).get(), ask.owner_cap.get());
    let leases = seen.held.leases.get(owner).copied().unwrap_or_default();
    of_job.max(ratio(u64::from(leases), u64::from(seen.held.leases_total)))
}
