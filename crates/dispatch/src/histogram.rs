//! Durations counted in buckets: quantiles of what was seen, in bounded memory and without floats.
//!
//! Each power of two is cut into 16 buckets, so a quantile is at most a sixteenth above what was seen, and never
//! below. What is old counts ever less: at [`WINDOW`] counts all are halved.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};

/// Counts after which all are halved.
pub const WINDOW: u32 = 4_096;

/// Buckets of one power of two, as a power of two.
const PART_BITS: u32 = 4;

/// Counted durations.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Histogram {
    /// By bucket.
    counts: BTreeMap<u16, u32>,
    total: u32,
}

impl Histogram {
    /// Counts one.
    pub fn record(&mut self, value: u64) {
        *self.counts.entry(bucket(value)).or_default() += 1;
        self.total += 1;
        if self.total >= WINDOW {
            self.counts.values_mut().for_each(|count| *count /= 2);
            self.counts.retain(|_, count| *count > 0);
            self.total = self.counts.values().sum();
        }
    }

    /// How many there are, old ones counted less.
    pub fn count(&self) -> u32 {
        self.total
    }

    /// What at least `percent` of a hundred do not exceed; nothing without any.
    pub fn quantile(&self, percent: u8) -> Option<u64> {
        let rank = (u64::from(self.total) * u64::from(percent.min(100))).div_ceil(100).max(1);
        let mut seen = 0;
        let at = self.counts.iter().find(|(_, count)| {
            seen += u64::from(**count);
            seen >= rank
        });
        at.map(|(bucket, _)| upper(*bucket))
    }

    /// The average, as high as the buckets allow; nothing without any.
    pub fn mean_ceil(&self) -> Option<u64> {
        let sum: u128 = self.counts.iter().map(|(bucket, count)| u128::from(upper(*bucket)) * u128::from(*count)).sum();
        let mean = (self.total > 0).then(|| sum.div_ceil(u128::from(self.total)))?;
        Some(u64::try_from(mean).unwrap_or(u64::MAX))
    }
}

/// The bucket of a value: small ones have their own, others share it with those that begin with the same bits.
fn bucket(value: u64) -> u16 {
    let shift = (u64::BITS - value.leading_zeros()).saturating_sub(PART_BITS + 1);
    // At most 60 × 16 + 31.
    u16::try_from(u64::from(shift << PART_BITS) + (value >> shift)).unwrap_or(u16::MAX)
}

/// The highest value of a bucket.
fn upper(bucket: u16) -> u64 {
    let (low, parts) = (u64::from(bucket), 1 << PART_BITS);
    let shift = (low / parts).saturating_sub(1);
    let first = low - shift * parts;
    u64::try_from(((u128::from(first) + 1) << shift) - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_seen_says_nothing() {
        let none = Histogram::default();
        assert_eq!((none.quantile(50), none.mean_ceil(), none.count()), (None, None, 0));
    }

    #[test]
    fn old_ones_count_less() {
        let mut histogram = Histogram::default();
        (0..WINDOW).for_each(|_| histogram.record(10));
        assert_eq!(histogram.count(), WINDOW / 2);
        (0..WINDOW).for_each(|_| histogram.record(1_000));
        assert!(histogram.count() < WINDOW && histogram.quantile(50).is_some_and(|half| half >= 1_000));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default()
        })]
        #[test]
        fn a_bucket_holds_its_value_within_a_sixteenth(value in any::<u64>(), shift in 0u32..64) {
            let value = value >> shift;
            let upper = upper(bucket(value));
            prop_assert!(upper >= value && upper - value <= value / 16, "{value} in {upper}");
            prop_assert!(bucket(value) <= bucket(value.saturating_add(1)));
        }

        /// Against the sorted list itself.
        #[test]
        fn quantiles_are_those_of_the_list(mut values in prop::collection::vec(0u64..100_000, 1..200), percent in 1u8..=100) {
            let mut histogram = Histogram::default();
            values.iter().for_each(|value| histogram.record(*value));
            values.sort_unstable();
            let rank = (values.len() * usize::from(percent)).div_ceil(100);
            let exact = values[rank - 1];
            let got = histogram.quantile(percent).expect("some");
            prop_assert!(got >= exact && got <= exact + exact / 16, "{got} for {exact}");
        }
    }
}
