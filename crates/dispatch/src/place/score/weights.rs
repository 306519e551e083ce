//! What each penalty counts, of 1,000, by tier.

use mira_core::tier::Tier;

/// A tier's weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    cost: u64,
    latency: u64,
    data: u64,
    spread: u64,
    reliability: u64,
    fragmentation: u64,
}

impl Weights {
    /// Cost, latency, data, spread, reliability, fragmentation.
    pub(super) fn in_order(self) -> [u64; 6] {
        [self.cost, self.latency, self.data, self.spread, self.reliability, self.fragmentation]
    }
}

/// A person waits: distance decides. A price twice the lowest weighs as much as three quarters of the longest way, so
/// cost stays bounded; one that fails is waited for twice.
const INTERACTIVE: Weights =
    Weights { cost: 330, latency: 450, data: 20, spread: 50, reliability: 140, fragmentation: 10 };

/// Hours are waited and paid by the unit: the price decides. All that is not cost together outweighs a quarter of the
/// lowest price at most; a machine that is not cut up is worth a few percent, data that is there saves a transfer.
const BATCH: Weights = Weights { cost: 800, latency: 10, data: 50, spread: 40, reliability: 60, fragmentation: 40 };

/// All members wait for the slowest round trip among them, and for whole machines; one that fails stops all.
const TRAINING: Weights =
    Weights { cost: 240, latency: 260, data: 60, spread: 20, reliability: 120, fragmentation: 300 };

/// What one stage wrote the next one reads: bytes that need not move decide.
const PIPELINE: Weights = Weights { cost: 280, latency: 40, data: 560, spread: 30, reliability: 60, fragmentation: 30 };

/// The weights of a tier.
pub(super) fn of(tier: Tier) -> Weights {
    match tier {
        Tier::Interactive => INTERACTIVE,
        Tier::Batch => BATCH,
        Tier::Training => TRAINING,
        Tier::Pipeline => PIPELINE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_of_a_thousand() {
        for tier in Tier::ALL {
            assert_eq!(of(*tier).in_order().iter().sum::<u64>(), 1_000, "{tier}");
        }
    }

    #[test]
    fn each_tier_weighs_most_what_it_is_about() {
        let most = |tier| {
            let weights = of(tier).in_order();
            weights.iter().position(|weight| Some(weight) == weights.iter().max())
        };
        let about = [Tier::Batch, Tier::Interactive, Tier::Pipeline, Tier::Training].map(most);
        assert_eq!(about, [Some(0), Some(1), Some(2), Some(5)]);
    }
}
