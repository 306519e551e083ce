//! New leases go to healthy providers that the chain lets open them. One that is being probed
//! proves itself on the leases it has.

use crate::place::ask::Seen;

pub(super) fn admits(seen: &Seen<'_>) -> bool {
    seen.provider.facts.active && seen.provider.health.is_healthy()
}
