//! How long coordination takes: the figures of `/v1/network`, of the last thousand or so events.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mira_core::Key;
use mira_core::amount::Payment;

/// How many samples a figure is of.
const WINDOW: usize = 1_024;

/// Quantiles of a duration, in the unit of its name; zeros before the first sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// How many there ever were.
    pub count: u64,
    /// The middle one.
    pub p50: u64,
    /// One in twenty is longer.
    pub p95: u64,
    /// One in a hundred is longer.
    pub p99: u64,
}

/// How long coordination takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latencies {
    /// From a lease's proposal to its finalized opening, in milliseconds.
    pub place_ms: Latency,
    /// One decision about a shard, in microseconds.
    pub route_us: Latency,
    /// From a voucher's arrival to its finalized settlement, in milliseconds.
    pub settle_ms: Latency,
}

/// The last samples of one duration.
#[derive(Debug, Default)]
struct Samples {
    count: u64,
    last: VecDeque<u64>,
}

impl Samples {
    fn add(&mut self, sample: u64) {
        self.count = self.count.saturating_add(1);
        if self.last.len() == WINDOW {
            self.last.pop_front();
        }
        self.last.push_back(sample);
    }

    fn latency(&self) -> Latency {
        let mut sorted: Vec<u64> = self.last.iter().copied().collect();
        sorted.sort_unstable();
        // The smallest sample that at least `percent` of all do not exceed.
        let at = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100);
            sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
        };
        Latency { count: self.count, p50: at(50), p95: at(95), p99: at(99) }
    }
}

#[derive(Debug, Default)]
struct Inner {
    place_ms: Samples,
    route_us: Samples,
    settle_ms: Samples,
    proposed: BTreeMap<u64, u64>,
    settled: BTreeMap<Key, Payment>,
}

/// Durations as they are measured.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Inner>);

impl Meter {
    /// A lease was proposed.
    pub(crate) fn proposed(&self, id: u64, at_ms: u64) {
        self.lock().proposed.insert(id, at_ms);
    }

    /// A proposal no longer stands.
    pub(crate) fn withdrawn(&self, id: u64) {
        self.lock().proposed.remove(&id);
    }

    /// A proposal is a finalized lease.
    pub(crate) fn opened(&self, id: u64, at_ms: u64) {
        let mut inner = self.lock();
        if let Some(proposed_ms) = inner.proposed.remove(&id) {
            inner.place_ms.add(at_ms.saturating_sub(proposed_ms));
        }
    }

    /// A shard was handed out: what the decision itself took.
    pub(crate) fn routed(&self, took_us: u64) {
        self.lock().route_us.add(took_us);
    }

    /// What a lease has settled, as it is first seen or seen again. Whether it is more than before.
    /// `last` says that it can settle no more, and need not be remembered.
    pub(crate) fn settles(&self, lease: &Key, settled: Payment, last: bool) -> bool {
        let mut inner = self.lock();
        let before = if last { inner.settled.remove(lease) } else { inner.settled.insert(*lease, settled) };
        !settled.is_zero() && before.unwrap_or(if last { settled } else { Payment::ZERO }) < settled
    }

    /// A voucher was paid: from its arrival to the finalized settlement.
    pub(crate) fn paid(&self, took_ms: u64) {
        self.lock().settle_ms.add(took_ms);
    }

    /// All that was measured.
    pub(crate) fn latencies(&self) -> Latencies {
        let Inner { place_ms, route_us, settle_ms, .. } = &*self.lock();
        Latencies { place_ms: place_ms.latency(), route_us: route_us.latency(), settle_ms: settle_ms.latency() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Numbers are never left half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_last_samples() {
        let mut samples = Samples::default();
        assert_eq!(samples.latency(), Latency::default());
        (1..=100).for_each(|sample| samples.add(sample));
        assert_eq!(samples.latency(), Latency { count: 100, p50: 50, p95: 95, p99: 99 });
        (0..WINDOW).for_each(|_| samples.add(7));
        assert_eq!(samples.latency(), Latency { count: 1_124, p50: 7, p95: 7, p99: 7 });
        let mut one = Samples::default();
        one.add(3);
        assert_eq!(one.latency(), Latency { count: 1, p50: 3, p95: 3, p99: 3 });
    }

    #[test]
    fn placing_counts_from_proposal_to_lease() {
        let meter = Meter::default();
        meter.proposed(1, 100);
        meter.proposed(2, 100);
        meter.withdrawn(2);
        meter.opened(1, 350);
        meter.opened(2, 900);
        assert_eq!(meter.latencies().place_ms, Latency { count: 1, p50: 250, p95: 250, p99: 250 });
    }

    #[test]
    fn a_settlement_counts_once() {
        let meter = Meter::default();
        let lease = [1; 32];
        assert!(!meter.settles(&lease, Payment::ZERO, false));
        assert!(meter.settles(&lease, Payment::new(5), false));
        assert!(!meter.settles(&lease, Payment::new(5), false));
        assert!(meter.settles(&lease, Payment::new(6), true));
        assert!(!meter.settles(&lease, Payment::new(6), true), "ended and forgotten");
        assert!(meter.lock().settled.is_empty());
    }
}
