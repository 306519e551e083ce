//! The escrow must cover the least useful lease at this provider's price: a lease that cannot pay
//! for its work only costs rent.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    seen.least_cap(ask).is_some_and(|least| least <= ask.escrow)
}
