//! No lease above the job's maximum price; the chain would refuse a price of zero.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    !seen.offer.unit_price.is_zero() && seen.offer.unit_price <= ask.max_unit_price
}
