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

    /// Keeps the larger of it and `amount`: a peak that fades.
    pub(crate) fn raise(&mut self, amount: u64, now_ms: u64, half_life_ms: u64) {
        *self = Rolling { value: self.at(now_ms, half_life_ms).max(amount), at_ms: now_ms.max(self.at_ms) };
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
}
