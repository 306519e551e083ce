//! Which measure decides, and in which steps it is looked at.
//!
//! A measure is looked at in coarse steps on purpose: among machines that are about as good the first wins, so that
//! the others stay whole. Ties in a new random order each time cost five points of GPU allocation.

use crate::pack::frag::Fragmentation;
use crate::pack::free::{Free, each_milli, shares};
use crate::pack::waste::Waste;
use crate::pack::workload::Workload;
use crate::service::{Model, Needs};

/// Which measure decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Fragmentation gradient descent, as published.
    Fgd,
    /// The measure that looks ahead.
    #[default]
    Lookahead,
}

/// The published score is 100 times a logistic function of the GPUs gained, cut to an integer. From 51 on, the
/// millionths of a GPU at which it is reached: 1,000,000 × ln(score / (100 - score)). Below 50 it is the mirror image.
const LOGITS: [i64; 49] = [
    40_005, 80_043, 120_144, 160_343, 200_671, 241_162, 281_851, 322_773, 363_965, 405_465, 447_312, 489_548, 532_217,
    575_364, 619_039, 663_294, 708_185, 753_772, 800_119, 847_298, 895_384, 944_462, 994_623, 1_045_969, 1_098_612,
    1_152_680, 1_208_311, 1_265_666, 1_324_925, 1_386_294, 1_450_010, 1_516_347, 1_585_627, 1_658_228, 1_734_601,
    1_815_290, 1_900_959, 1_992_430, 2_090_741, 2_197_225, 2_313_635, 2_442_347, 2_586_689, 2_751_535, 2_944_439,
    3_178_054, 3_476_099, 3_891_820, 4_595_120,
];

/// A step of the measure that looks ahead. Millionths of a GPU.
const STEP: i64 = 60_000;

/// A policy made ready for a workload.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Fgd(Fragmentation),
    Lookahead(Waste),
}

/// Where on a machine a task would go, and what that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    /// The step: more is better.
    pub(crate) step: i16,
    /// How much the measure rises.
    pub(crate) rise: i64,
    /// The GPU, for a task that takes a part of one.
    pub(crate) gpu: Option<u16>,
}

impl Rule {
    pub(crate) fn new(policy: Policy, workload: &Workload, models: &[Option<Model>]) -> Self {
        match policy {
            Policy::Fgd => Rule::Fgd(Fragmentation::new(workload, models)),
            Policy::Lookahead => Rule::Lookahead(Waste::new(workload)),
        }
    }

    /// The measure of a machine.
    pub(crate) fn amount(&self, free: &Free) -> i64 {
        match self {
            Rule::Fgd(measure) => measure.amount(free),
            Rule::Lookahead(measure) => measure.amount(free),
        }
    }

    /// How a task fits a machine whose measure is `amount`, at its best.
    pub(crate) fn fit(&self, free: &Free, amount: i64, needs: &Needs) -> Option<Fit> {
        if !free.fits(needs) {
            return None;
        }
        if !shares(needs) {
            let rise = self.amount_without(free, needs) - amount;
            return Some(Fit { step: self.step(rise), rise, gpu: None });
        }
        let mut best: Option<Fit> = None;
        self.each_share(free, amount, needs, |gpu, rise| {
            let fit = Fit { step: self.step(rise), rise, gpu: Some(gpu) };
            if best.is_none_or(|best| best.step < fit.step) {
                best = Some(fit);
            }
        });
        best
    }

    fn amount_without(&self, free: &Free, needs: &Needs) -> i64 {
        match self {
            Rule::Fgd(measure) => {
                let mut after = free.clone();
                after.take(needs, &free.first_gpus(needs));
                measure.amount(&after)
            }
            Rule::Lookahead(measure) => measure.without(free, needs),
        }
    }

    /// Names each GPU that has room and how much the measure would rise.
    fn each_share(&self, free: &Free, amount: i64, needs: &Needs, mut name: impl FnMut(u16, i64)) {
        let name = |gpu, after: i64| name(gpu, after - amount);
        match self {
            Rule::Fgd(measure) => measure.each_share(free, needs.cpu_milli, each_milli(needs), name),
            Rule::Lookahead(measure) => measure.each_share(free, needs, name),
        }
    }

    /// The step that a rise falls into.
    fn step(&self, rise: i64) -> i16 {
        let step = match self {
            Rule::Fgd(measure) => logistic(-rise, measure.weight()),
            Rule::Lookahead(_) => (-rise).div_euclid(STEP),
        };
        i16::try_from(step.clamp(-i64::from(i16::MAX), i64::from(i16::MAX))).unwrap_or_default()
    }
}

/// The published score of a gain in thousandths of a GPU times `weight`.
fn logistic(gain: i64, weight: i64) -> i64 {
    if gain >= 0 {
        return 50 + count(LOGITS.partition_point(|logit| gain * 1_000 >= logit * weight));
    }
    49 - count(LOGITS.partition_point(|logit| gain * 1_000 < -logit * weight))
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_the_logistic_function_cut_to_an_integer() {
        for gain in (-8_000i32..8_000).step_by(7) {
            let want = 100.0 / (1.0 + (-f64::from(gain) / 1_000.0).exp());
            let score = logistic(i64::from(gain) * 3, 3);
            assert!(
                (f64::from(i32::try_from(score).expect("small")) - want.floor()).abs() < 0.5,
                "{gain}: {score}, not {want}"
            );
        }
    }
}
