//! Exponential forgetting in whole numbers: what counted once counts half as much after every half-life.

use borsh::{BorshDeserialize, BorshSerialize};

/// 2^(−i/16) in parts of 2^32: a half-life in sixteen steps, straight lines between them. The lines lie at most 0.03
/// % above the curve.
const STEPS: [u64; 17] = [
    4_294_967_296,
    4_112_874_773,
    3_938_502_376,
    3_771_522_796,
    3_611_622_603,
    3_458_501_653,
    3_311_872_529,
    3_171_459_999,
    3_037_000_500,
    2_908_241_642,
    2_784_941_738,
    2_666_869_345,
    2_553_802_834,
    2_445_529_972,
    2_341_847_524,
    2_242_560_872,
    2_147_483_648,
];

/// `value × 2^(−elapsed / half_life)`, rounded down. A half-life of zero forgets everything at once.
pub(crate) fn decayed(value: u64, elapsed_ms: u64, half_life_ms: u64) -> u64 {
    if elapsed_ms == 0 || value == 0 {
        return value;
    }
    let Some(halvings) = elapsed_ms.checked_div(half_life_ms).and_then(|halvings| u32::try_from(halvings).ok()) else {
        return 0;
    };
    let part = (u128::from(elapsed_ms % half_life_ms) << 32) / u128::from(half_life_ms);
    // Of the 2^32 parts of a half-life, 2^28 are one step.
    let (step, along) = (usize::try_from(part >> 28).unwrap_or(0), part & ((1 << 28) - 1));
    let (from, to) = (u128::from(STEPS[step.min(15)]), u128::from(STEPS[step.min(15) + 1]));
    let factor = from - (((from - to) * along) >> 28);
    let whole = u64::try_from((u128::from(value) * factor) >> 32).unwrap_or(value);
    whole.checked_shr(halvings).unwrap_or(0)
}

/// A sum that forgets: what was added counts half as much after every half-life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Rolling {
    value: u64,
    at_ms: u64,
}

impl Rolling {
    /// What is left of it.
    pub(crate) fn at(&self, now_ms: u64, half_life_ms: u64) -> u64 {
        decayed(self.value, now_ms.saturating_sub(self.at_ms), half_life_ms)
    }

    /// Adds to it.
    pub(crate) fn add(&mut self, amount: u64, now_ms: u64, half_life_ms: u64) {
        *self = Rolling { value: self.at(now_ms, half_life_ms).saturating_add(amount), at_ms: now_ms.max(self.at_ms) };
    }

    /// Takes from it what was added a short while ago.
    pub(crate) fn take(&mut self, amount: u64, now_ms: u64, half_life_ms: u64) {
        *self = Rolling { value: self.at(now_ms, half_life_ms).saturating_sub(amount), at_ms: now_ms.max(self.at_ms) };
    }

    /// Keeps the larger of it and `amount`: a peak that fades. One that stays is not touched: rounded down at every
    /// look, a small one would be gone after a few.
    pub(crate) fn raise(&mut self, amount: u64, now_ms: u64, half_life_ms: u64) {
        if amount > self.at(now_ms, half_life_ms) {
            *self = Rolling { value: amount, at_ms: now_ms.max(self.at_ms) };
        }
    }

    /// The first moment from `now_ms` on at which less than `least` is left of it, if nothing is added. Nothing is less
    /// than 0.
    pub(crate) fn below_at_ms(&self, least: u64, now_ms: u64, half_life_ms: u64) -> Option<u64> {
        // After 64 halvings nothing is left of anything.
        let (mut low, mut high) = (now_ms, now_ms.max(self.at_ms).saturating_add(half_life_ms.saturating_mul(64)));
        if self.at(high, half_life_ms) >= least {
            return None;
        }
        while low < high {
            let middle = low.midpoint(high);
            if self.at(middle, half_life_ms) < least { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }

    /// A number by which sums that fade alike can be compared at any time, because their order never changes: the
    /// logarithm of what is left of it at a moment that is the same for all, in parts of 2^16. A straight line between
    /// powers of two is at most 0.087 of a doubling below the curve.
    pub(crate) fn rank(&self, half_life_ms: u64) -> u64 {
        let Some(doubling) = self.value.checked_ilog2() else { return 0 };
        let along = (u128::from(self.value) << 16 >> doubling) & 0xffff;
        let age = (u128::from(self.at_ms) << 16) / u128::from(half_life_ms.max(1));
        u64::try_from((u128::from(doubling) << 16) + along + age).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_exponential() {
        for elapsed in [0u32, 1, 7, 100, 499, 500, 999, 1_000, 1_001, 2_500, 7_777, 40_000] {
            let exact = 1e12 * (-f64::from(elapsed) / 1_000.0).exp2();
            let got = decayed(1_000_000_000_000, u64::from(elapsed), 1_000) as f64;
            assert!((got - exact).abs() <= exact * 0.000_3 + 2.0, "{elapsed}: {got} for {exact}");
        }
    }

    #[test]
    fn falls_and_ends() {
        let all: Vec<u64> = (0..70_000).step_by(37).map(|elapsed| decayed(u64::MAX, elapsed, 1_000)).collect();
        assert!(all.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!((decayed(u64::MAX, 64_000, 1_000), decayed(5, 1, 0), decayed(5, 0, 0)), (0, 0, 5));
        assert_eq!(decayed(u64::MAX, u64::MAX, 1), 0);
    }

    #[test]
    fn sums_and_peaks_fade() {
        let mut sum = Rolling::default();
        sum.add(1_000, 5_000, 1_000);
        sum.add(1_000, 6_000, 1_000);
        assert_eq!((sum.at(6_000, 1_000), sum.at(7_000, 1_000)), (1_500, 750));
        // A step back in time is no step.
        sum.add(0, 1_000, 1_000);
        assert_eq!(sum.at(6_000, 1_000), 1_500);
        sum.take(2_000, 6_000, 1_000);
        assert_eq!(sum.at(6_000, 1_000), 0);
        let mut peak = Rolling::default();
        peak.raise(8, 0, 1_000);
        peak.raise(3, 1_000, 1_000);
        assert_eq!((peak.at(1_000, 1_000), peak.at(2_000, 1_000)), (4, 2));
    }

    #[test]
    fn a_small_peak_lasts_as_long_as_a_large_one_however_often_it_is_looked_at() {
        let mut peak = Rolling::default();
        peak.raise(4, 0, 100_000);
        (1..100).for_each(|step| peak.raise(0, step * 1_000, 100_000));
        assert_eq!((peak.at(99_000, 100_000), peak.at(100_001, 100_000)), (2, 1));
    }

    #[test]
    fn falls_below_at_that_very_moment() {
        for (value, at_ms, least) in
            [(100, 0, 50), (7, 12_345, 7), (7, 12_345, 1), (1 << 40, 9, 3), (5, 0, 9), (0, 0, 1)]
        {
            let sum = Rolling { value, at_ms };
            let found = sum.below_at_ms(least, 20_000, 1_000).expect("it fades");
            assert!(sum.at(found, 1_000) < least, "{value}");
            assert!(found == 20_000 || sum.at(found - 1, 1_000) >= least, "{value}");
        }
        assert_eq!(Rolling { value: 5, at_ms: 0 }.below_at_ms(0, 0, 1_000), None);
    }

    /// Whoever has more by a tenth ranks higher, whenever each was last changed.
    #[test]
    fn ranks_order_what_is_left() {
        let mut state = 5u64;
        let mut next = |limit: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 20) % limit
        };
        let now_ms = 1_700_000_100_000;
        let sums: Vec<Rolling> =
            (0..300).map(|_| Rolling { value: 1_000_000 + next(1 << 34), at_ms: now_ms - next(100_000) }).collect();
        for (a, b) in sums.iter().flat_map(|a| sums.iter().map(move |b| (a, b))) {
            if a.at(now_ms, 20_000) > b.at(now_ms, 20_000) / 10 * 11 + 10 {
                assert!(a.rank(20_000) > b.rank(20_000), "{a:?} {b:?}");
            }
        }
        assert_eq!(Rolling::default().rank(20_000), 0);
    }
}
