//! A running quantile in one number: up by `p` steps when a sample is above, down by `1 - p` when it is
//! below, so that it rests where the fraction `p` is below. A step is a small part of the estimate.

use borsh::{BorshDeserialize, BorshSerialize};

/// A step is this part of the estimate: 1/256. It follows a change of the level within a few hundred samples.
const STEP_SHIFT: u32 = 8;

/// An estimate, in 1/1024 of a microsecond so that small steps add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Quantile(u64);

const FRACTION_SHIFT: u32 = 10;

impl Quantile {
    /// Begins at a guess.
    pub(super) fn new(guess_us: u32) -> Self {
        Quantile(u64::from(guess_us.max(1)) << FRACTION_SHIFT)
    }

    /// The estimate.
    pub(super) fn get_us(&self) -> u32 {
        u32::try_from(self.0 >> FRACTION_SHIFT).unwrap_or(u32::MAX)
    }

    /// Takes a sample; of one that was cut short it is enough that it was above the estimate.
    pub(super) fn observe(&mut self, sample_us: u32, percent: u8) {
        let step = (self.0 >> STEP_SHIFT).max(100);
        let percent = u64::from(percent.min(99));
        if u64::from(sample_us) << FRACTION_SHIFT > self.0 {
            self.0 = self.0.saturating_add(step * percent / 100).min(u64::from(u32::MAX) << FRACTION_SHIFT);
        } else {
            self.0 = self.0.saturating_sub(step * (100 - percent) / 100).max(1 << FRACTION_SHIFT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A long run of a uniform distribution, then of one ten times as slow.
    #[test]
    fn finds_the_95th_percentile_and_follows() {
        let mut quantile = Quantile::new(300_000);
        let mut state = 1u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((state >> 33) % most).expect("small")
        };
        (0..20_000).for_each(|_| quantile.observe(next(1_000_000), 95));
        assert!((900_000..990_000).contains(&quantile.get_us()), "{}", quantile.get_us());
        (0..20_000).for_each(|_| quantile.observe(next(10_000_000), 95));
        assert!((9_000_000..9_900_000).contains(&quantile.get_us()), "{}", quantile.get_us());
    }

    #[test]
    fn extremes_stay_in_range() {
        let mut quantile = Quantile::new(0);
        (0..10_000).for_each(|_| quantile.observe(0, 95));
        assert_eq!(quantile.get_us(), 1);
        let mut quantile = Quantile::new(u32::MAX);
        quantile.observe(u32::MAX, 95);
        assert!(quantile.get_us() > 0);
    }
}
