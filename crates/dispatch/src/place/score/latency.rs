//! The round trip, of the farthest there is: to the requester's region, if it named one; for those who work in step,
//! the longest to anybody who serves the job already.

use mira_core::Hash;
use mira_core::label::Label;
use mira_core::tier::Tier;

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;
use crate::rtt::{FARTHEST_MS, rtt_ms};

pub(super) fn penalty(seed: &Hash, ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let to = |region: &Label| u64::from(rtt_ms(seed, region, &seen.offer.region));
    let rtt_ms = match ask.tier {
        Tier::Training if !ask.peers.is_empty() => ask.peers.iter().map(to).max(),
        _ => ask.region.as_ref().map(to),
    };
    ratio(rtt_ms.unwrap_or(0), u64::from(FARTHEST_MS))
}
