//! When a provider is slow, and how long work takes across that.

use crate::rng::Rng;

/// A provider's slow periods.
#[derive(Clone, Debug)]
pub struct Speed {
    /// Begin and end of each, in order. Microseconds.
    slow: Vec<(u64, u64)>,
    factor: u64,
}

impl Speed {
    /// Never slow.
    pub fn steady() -> Self {
        Speed { slow: Vec::new(), factor: 1 }
    }

    /// Slow in these periods, in order and apart. Microseconds.
    pub fn slow_in(slow: Vec<(u64, u64)>, factor: u64) -> Self {
        Speed { slow, factor }
    }

    /// Draws the periods up to `until_us`: both kinds exponential, begun as in the long run.
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of a run")]
    pub fn draw(rng: &mut Rng, share: f64, factor: u64, slow_mean_us: f64, until_us: u64) -> Self {
        let fast_mean_us = slow_mean_us * (1.0 - share) / share;
        let (mut at_us, mut slow) = (0, Vec::new());
        let mut is_slow = rng.unit() < share;
        while at_us < until_us {
            let mean_us = if is_slow { slow_mean_us } else { fast_mean_us };
            let end_us = at_us + rng.exponential(mean_us) as u64 + 1;
            if is_slow {
                slow.push((at_us, end_us));
            }
            (at_us, is_slow) = (end_us, !is_slow);
        }
        Speed { slow, factor }
    }

    /// When work that takes `work_us` at full speed is done, begun at `at_us`.
    pub fn finish_us(&self, mut at_us: u64, mut work_us: u64) -> u64 {
        let next = self.slow.partition_point(|(_, end_us)| *end_us <= at_us);
        for (begin_us, end_us) in &self.slow[next..] {
            let fast_us = begin_us.saturating_sub(at_us);
            if work_us <= fast_us {
                return at_us + work_us;
            }
            work_us -= fast_us;
            at_us = at_us.max(*begin_us);
            if work_us * self.factor <= end_us - at_us {
                return at_us + work_us * self.factor;
            }
            work_us -= (end_us - at_us) / self.factor;
            at_us = *end_us;
        }
        at_us + work_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_longer_while_slow() {
        let speed = Speed::slow_in(vec![(100, 180), (300, 340)], 8);
        assert_eq!(speed.finish_us(0, 100), 100);
        assert_eq!(speed.finish_us(0, 105), 140);
        assert_eq!(speed.finish_us(90, 30), 190, "ten before, ten in the slow period, ten after");
        assert_eq!(speed.finish_us(140, 5), 180);
        assert_eq!(speed.finish_us(90, 145), 340, "across both: 10 + 10 + 120 + 5");
        assert_eq!(speed.finish_us(500, 7), 507);
        assert_eq!(Speed::steady().finish_us(3, 4), 7);
    }

    #[test]
    fn the_share_is_the_one_asked_for() {
        let mut rng = Rng::new(1, 0);
        let until_us = 20_000_000_000_u64;
        let speed = Speed::draw(&mut rng, 0.03, 8, 5e6, until_us);
        let slow_us: u64 = speed.slow.iter().map(|(begin_us, end_us)| end_us - begin_us).sum();
        let share = slow_us as f64 / until_us as f64;
        assert!((share / 0.03 - 1.0).abs() < 0.15, "{share}");
        assert!(speed.slow.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
