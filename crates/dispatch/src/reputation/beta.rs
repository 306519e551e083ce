//! The 5 % quantile of a Beta distribution in whole numbers.
//!
//! The normal quantile, corrected by skewness and kurtosis (Cornish and Fisher's expansion to the third order). For parameters from 1
//! on it is within 0.04 of the exact quantile, within 0.02 where they sum to 4 or more, and within 0.005 where they
//! sum to 20 or more; where it is far off, for strangers, it is mostly too low, which is the side to err on. It needs one root and
//! no table.

use super::OUTCOME;

/// One, in the parts that this file counts in.
const ONE: i128 = 1_000_000_000;

/// Evidence beyond this many outcomes tells nothing more, and keeps the products below within 128 bits.
const MOST: u64 = 1_000_000 * OUTCOME;

/// The bound without any evidence, in millionths: of the uniform distribution.
pub(super) const PRIOR_PPM: u32 = 18_136;

// With z = −1.644853627, the normal distribution's 5 % quantile, in parts of `ONE`:
/// z.
const Z: i128 = -1_644_853_627;
/// (z² − 1) / 6.
const SKEW: i128 = 284_257_242;
/// (z³ − 3z) / 24.
const KURTOSIS: i128 = 20_180_821;
/// −(2z³ − 5z) / 36.
const SKEW_SQUARED: i128 = 18_782_709;

/// The value that a share stays above with 95 %, in millionths, given the two parameters of its Beta distribution in
/// parts of `OUTCOME`. Parameters under one whole outcome count as one.
pub fn lower_ppm(passed: u64, failed: u64) -> u32 {
    let (a, b) = (i128::from(passed.clamp(OUTCOME, MOST)), i128::from(failed.clamp(OUTCOME, MOST)));
    let (sum, one) = (a + b, i128::from(OUTCOME));
    let mean = a * ONE / sum;
    let variance = mean * (ONE - mean) * one / (sum + one);
    let deviation = variance.isqrt().max(1);
    let skew = 2 * (ONE - 2 * mean) * one * ONE / ((sum + 2 * one) * deviation);
    let squared = skew * skew / ONE;
    let kurtosis = 6 * (squared * (sum + 2 * one) / (4 * one) - ONE) * one / (sum + 3 * one);
    let quantile = Z + (SKEW * skew + KURTOSIS * kurtosis + SKEW_SQUARED * squared) / ONE;
    let bound = (mean + deviation * quantile / ONE).clamp(0, ONE);
    u32::try_from(bound / 1_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 5 % quantile by summing the density over a fine grid, its total being one.
    fn exact(a: f64, b: f64) -> f64 {
        let steps = 40_000;
        let at = |step: u32| (f64::from(step) + 0.5) / f64::from(steps);
        let density = |x: f64| ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln()).exp();
        let densities: Vec<f64> = (0..steps).map(|step| density(at(step))).collect();
        let mut left = densities.iter().sum::<f64>() * 0.05;
        for (step, density) in (0..steps).zip(&densities) {
            if left <= *density {
                return (f64::from(step) + left / density) / f64::from(steps);
            }
            left -= density;
        }
        1.0
    }

    /// Parameters in tenths of an outcome.
    const GRID: [u32; 14] = [10, 11, 12, 15, 20, 25, 30, 40, 60, 100, 210, 500, 1_500, 3_000];

    fn bound(a: u32, b: u32) -> f64 {
        f64::from(lower_ppm(u64::from(a) * OUTCOME / 10, u64::from(b) * OUTCOME / 10)) / 1e6
    }

    #[test]
    fn within_its_stated_error_of_the_exact_quantile() {
        for a in GRID {
            for b in GRID {
                let (got, exact) = (bound(a, b), exact(f64::from(a) / 10.0, f64::from(b) / 10.0));
                let allowed = if a + b >= 200 { 0.005 } else if a + b >= 40 { 0.02 } else { 0.04 };
                assert!((got - exact).abs() <= allowed, "Beta({a}, {b}) tenths: {got} for {exact}");
            }
        }
    }

    #[test]
    fn rises_with_passes_and_falls_with_failures() {
        for other in GRID {
            for pair in GRID.windows(2) {
                assert!(bound(pair[0], other) <= bound(pair[1], other), "{pair:?} passes beside {other}");
                assert!(bound(other, pair[0]) >= bound(other, pair[1]), "{pair:?} failures beside {other}");
            }
        }
    }

    #[test]
    fn the_ends_are_in_range() {
        assert_eq!(lower_ppm(0, 0), PRIOR_PPM);
        assert!(lower_ppm(u64::MAX, 0) > 999_990);
        assert!(lower_ppm(0, u64::MAX) < 10);
        assert!((499_000..500_000).contains(&lower_ppm(u64::MAX, u64::MAX)));
    }
}
