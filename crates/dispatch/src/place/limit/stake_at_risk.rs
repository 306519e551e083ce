//! Σ exposure ≤ active stake, counting proposals that are not leases yet. Stake is a limit on
//! exposure, never a weight.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    seen.least_cap(ask).is_some_and(|least| least <= seen.stake_room(ask))
}
