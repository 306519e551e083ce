//! The 5 % quantile of a Beta distribution in whole numbers.
//!
//! A Beta share is a ratio of two gamma variables, and the cube root of one of those is nearly normal (Wilson and
//! Hilferty): the quantile is the lower root of a quadratic in the cube root of their ratio. For parameters from 1 on
//! it is within 0.01 of the exact quantile, and within 0.002 where they sum to 10 or more. It needs one root and no
//! table.

use super::OUTCOME;

/// One, in the parts that this file counts in: a power of two, because what is multiplied a dozen times for every
/// candidate of a placement is shifted back and not divided.
const ONE: i128 = 1 << 40;

/// The square of the normal distribution's 5 % quantile, −1.644853627, in parts of `ONE`.
const Z_SQUARED: i128 = 2_974_776_487_231;

/// Evidence beyond this many outcomes tells nothing more, and keeps the products below within 128 bits.
const MOST: u64 = 1_000_000 * OUTCOME;

/// The value that a share stays above with 95 %, in millionths, given the two parameters of its Beta distribution in
/// parts of `OUTCOME`. Parameters under one whole outcome count as one.
pub fn lower_ppm(passed: u64, failed: u64) -> u32 {
    let (a, b) = (passed.clamp(OUTCOME, MOST), failed.clamp(OUTCOME, MOST));
    let times = |x: i128, y: i128| (x * y) >> 40;
    // A cube root's variance, and its mean.
    let variance = |outcomes: u64| i128::from((OUTCOME << 40) / (9 * outcomes));
    let (va, vb) = (variance(a), variance(b));
    let (ma, mb) = (ONE - va, ONE - vb);
    let spread = times(va, times(mb, mb)) + times(vb, times(ma, ma)) - times(Z_SQUARED, times(va, vb));
    let root = root(times(Z_SQUARED, spread.max(0)));
    let cube_root = (times(ma, mb) - root).max(0) * ONE / (times(mb, mb) - times(Z_SQUARED, vb));
    let ratio = times(times(cube_root, cube_root), cube_root);
    let (held, wrong) = ((i128::from(a) * ratio) >> 40, i128::from(b));
    u32::try_from(held * 1_000_000 / (held + wrong)).unwrap_or(0)
}

/// A square root, in parts of `ONE`; of numbers under 2^24.
fn root(of: i128) -> i128 {
    let parts = u64::try_from(of).unwrap_or(u64::MAX);
    // As many places as fit are kept under the root: half of those that are shifted in come out of it.
    let spare = (parts.leading_zeros() / 2 * 2).min(40);
    i128::from((parts << spare).isqrt()) << ((40 - spare) / 2)
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
                let allowed = if a + b >= 100 { 0.002 } else { 0.01 };
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
        assert_eq!(lower_ppm(0, 0), lower_ppm(OUTCOME, OUTCOME));
        assert!(lower_ppm(u64::MAX, 0) > 999_990);
        assert!(lower_ppm(0, u64::MAX) < 10);
        assert!((498_000..500_000).contains(&lower_ppm(u64::MAX, u64::MAX)));
    }
}
