//! Since when a difference is there: a pure function of it and of the run before.

use mira_core::Key;
use mira_core::amount::Payment;
use mira_store::model::ReconItem;

use super::lease::Difference;

/// The run that dates differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its number.
    pub run: u64,
    /// Its time, unix milliseconds.
    pub now_ms: i64,
}

/// Dates a difference of a lease. `before` is what the run before said of the same lease and class.
///
/// Work that goes on leaves a difference at every look, and not the same one: a difference lasts only while
/// the smaller book has not reached what the larger one was at the first sighting. Then it keeps its date.
pub fn dated(difference: &Difference, lease: Key, before: Option<&ReconItem>, stamp: Stamp) -> ReconItem {
    let Difference { class, owner, state, amount, target, since_ms } = *difference;
    let reached = target.checked_sub(amount).unwrap_or(Payment::ZERO);
    // What is worth nothing has no target to reach: it is evidence, which stays.
    let lasting = before.filter(|before| before.target.is_zero() || reached < before.target);
    let (target, since_ms) = match lasting {
        Some(before) => (before.target, before.since_ms),
        None => (target, since_ms.map_or(stamp.now_ms, |since| since.min(stamp.now_ms))),
    };
    ReconItem { run: stamp.run, lease, class, owner, state, amount, target, since_ms }
}

/// How old an item is at a time, milliseconds; never negative.
pub fn age_ms(item: &ReconItem, now_ms: i64) -> u64 {
    u64::try_from(now_ms.saturating_sub(item.since_ms)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
