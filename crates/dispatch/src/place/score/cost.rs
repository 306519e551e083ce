//! What the provider asks above the cheapest candidate, as a part of that one's price; twice as much is the worst.
//!
//! Not as a part of the job's maximum: whoever allows ten times the market's price would pay it for a little of
//! anything else.

use crate::place::ask::Seen;
use crate::place::score::{Context, ratio};

pub(super) fn penalty(context: &Context, seen: &Seen<'_>) -> u64 {
    ratio(seen.offer.unit_price.get().saturating_sub(context.lowest.get()), context.lowest.get())
}
