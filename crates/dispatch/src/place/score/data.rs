//! The part of the job's data, in bytes, that the provider does not hold.

use crate::place::ask::{Ask, Seen};
use crate::place::score::{Context, ratio};

pub(super) fn penalty(context: &Context, ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let cached = &seen.provider.cached;
    // Over the shorter of both.
    let held = if cached.len() < ask.data.len() {
        cached.iter().filter_map(|hash| ask.data.get(hash)).fold(0, |sum: u64, bytes| sum.saturating_add(*bytes))
    } else {
        let held = ask.data.iter().filter(|(hash, _)| cached.contains(*hash));
        held.fold(0, |sum: u64, (_, bytes)| sum.saturating_add(*bytes))
    };
    ratio(context.data_bytes.saturating_sub(held), context.data_bytes)
}
