//! What several seeds say together: the mean, and how sure it is.

use serde::Serialize;

/// A figure over several seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Its mean over the seeds.
    pub mean: f64,
    /// Half of the 95 % confidence interval of that mean (Student's t); absent with fewer than two seeds.
    pub half_ci95: Option<f64>,
    /// How many seeds.
    pub seeds: usize,
}

impl Estimate {
    /// Of one value for each seed.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len();
        let mean = values.iter().sum::<f64>() / count.max(1) as f64;
        let half_ci95 = (count > 1).then(|| {
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1) as f64;
            student_t95(count - 1) * (variance / count as f64).sqrt()
        });
        Estimate { mean, half_ci95, seeds: count }
    }

    /// As a person reads it, with this many decimals.
    pub fn text(&self, decimals: usize) -> String {
        match self.half_ci95 {
            Some(half) => format!("{:.decimals$} ± {half:.decimals$}", self.mean),
            None => format!("{:.decimals$}", self.mean),
        }
    }
}

/// The 97.5 % point of Student's t. Beyond the table, Cornish and Fisher's expansion around the normal's.
fn student_t95(freedom: usize) -> f64 {
    const TABLE: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    const NORMAL: f64 = 1.959_964;
    let n = freedom as f64;
    let expanded = NORMAL
        + (NORMAL.powi(3) + NORMAL) / (4.0 * n)
        + (5.0 * NORMAL.powi(5) + 16.0 * NORMAL.powi(3) + 3.0 * NORMAL) / (96.0 * n * n);
    freedom.checked_sub(1).and_then(|index| TABLE.get(index)).copied().unwrap_or(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_the_textbooks() {
        // Ten values 1..=10: mean 5.5, deviation 3.02765, t(9) = 2.262: 2.262 · 3.02765 / √10 = 2.1657.
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        let found = Estimate::of(&values);
        assert!((found.mean - 5.5).abs() < 1e-12 && (found.half_ci95.unwrap() - 2.1657).abs() < 1e-3);
        assert_eq!((found.text(1), Estimate::of(&[2.0]).text(2)), ("5.5 ± 2.2".to_owned(), "2.00".to_owned()));
    }

    #[test]
    fn students_t_beyond_the_table() {
        for (freedom, published) in [(15, 2.131), (20, 2.086), (30, 2.042), (120, 1.980)] {
            assert!((student_t95(freedom) - published).abs() < 2e-3, "{freedom}");
        }
    }
}
