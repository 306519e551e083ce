//! How long a job's shards take: counts in buckets that widen with the time, four for each doubling,
//! so that a quantile is known to a quarter of itself from a few dozen integers.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};

/// Durations seen. Milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Durations {
    count: u32,
    buckets: BTreeMap<u8, u32>,
}

impl Durations {
    /// Adds one.
    pub fn add(&mut self, took_ms: u64) {
        self.count = self.count.saturating_add(1);
        let held = self.buckets.entry(bucket(took_ms)).or_default();
        *held = held.saturating_add(1);
    }

    /// How many were added.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// A bound that this many of 100 durations do not exceed, at most a quarter above the least such;
    /// nothing before the first.
    pub fn quantile_ms(&self, percent: u8) -> Option<u64> {
        let wanted = (u64::from(self.count) * u64::from(percent.min(100))).div_ceil(100).max(1);
        let mut seen = 0u64;
        self.buckets.iter().find_map(|(bucket, count)| {
            seen = seen.saturating_add(u64::from(*count));
            (seen >= wanted).then(|| longest(*bucket))
        })
    }
}

/// Below 4 ms exact; above, the doubling and its quarter.
fn bucket(ms: u64) -> u8 {
    if ms < 4 {
        return u8::try_from(ms).unwrap_or(0);
    }
    let doubling = ms.ilog2();
    let quarter = (ms >> (doubling - 2)) & 3;
    u8::try_from(u64::from(doubling - 1) * 4 + quarter).unwrap_or(u8::MAX)
}

/// The longest duration of a bucket.
fn longest(bucket: u8) -> u64 {
    if bucket < 4 {
        return u64::from(bucket);
    }
    let (doubling, quarter) = (u32::from(bucket / 4) + 1, u64::from(bucket % 4));
    let next = (u128::from(4 + quarter) + 1) << (doubling - 2);
    u64::try_from(next - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_in_order_and_a_quarter_wide() {
        let mut last = 0;
        for ms in (0..100_000u64).chain([u64::MAX / 3, u64::MAX - 1, u64::MAX]) {
            let at = bucket(ms);
            assert!(at >= last, "{ms}");
            last = at;
            assert!(longest(at) >= ms && longest(at) - ms <= ms / 4, "{ms} {}", longest(at));
        }
    }

    /// Against the sorted list.
    #[test]
    fn quantiles_bound_what_was_seen() {
        let mut state = 7u64;
        for round in 1..200usize {
            let mut all: Vec<u64> = (0..round)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) % 10_000
                })
                .collect();
            let mut durations = Durations::default();
            all.iter().for_each(|ms| durations.add(*ms));
            all.sort_unstable();
            for percent in [1u8, 50, 90, 99, 100] {
                let exact = all[(round * usize::from(percent)).div_ceil(100).max(1) - 1];
                let told = durations.quantile_ms(percent).expect("some");
                assert!(told >= exact && told - exact <= exact / 4, "p{percent}: {told} for {exact}");
            }
        }
        assert_eq!(Durations::default().quantile_ms(90), None);
    }
}
