//! The round trip to the requester's region, of the farthest there is; nothing if it named none.

use mira_core::Hash;

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;
use crate::rtt::{FARTHEST_MS, rtt_ms};

pub(super) fn penalty(seed: &Hash, ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let Some(region) = &ask.region else { return 0 };
    ratio(u64::from(rtt_ms(seed, region, &seen.offer.region)), u64::from(FARTHEST_MS))
}
