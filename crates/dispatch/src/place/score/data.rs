//! The part of the job's data, in bytes, that the provider does not hold.

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let (mut all, mut missing) = (0u64, 0u64);
    for (hash, bytes) in ask.data {
        all = all.saturating_add(*bytes);
        if !seen.provider.cached.contains(hash) {
            missing = missing.saturating_add(*bytes);
        }
    }
    ratio(missing, all)
}
