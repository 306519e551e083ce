//! Selection by probability as Livepeer's gateway does it with its default weights: 0.7 by stake, 0.3 by chance, 0 by
//! price (`-selectStakeWeight`, `-selectRandFreq`, `-selectPriceWeight`). Every provider is an orchestrator with a
//! stake of its own, log-normal: a tenth of them has half of it, as on the real network. One that is full refuses
//! and the gateway draws again, so only those with a free slot are drawn from.

use super::{Ask, Policy, View};
use crate::interactive::world::World;
use crate::rng::Rng;

const STAKE_WEIGHT: f64 = 0.7;
const RANDOM_WEIGHT: f64 = 0.3;
/// Deviation of the logarithm of stakes.
const STAKE_SIGMA: f64 = 1.3;

/// Knows each provider's stake.
pub struct Livepeer {
    rng: Rng,
    stake: Vec<f64>,
}

impl Livepeer {
    /// For a network.
    pub fn new(world: &World) -> Self {
        let mut rng = Rng::new(world.seed, 0x6c69_7665);
        let stake = world.providers.iter().map(|_| rng.log_normal(1.0, STAKE_SIGMA)).collect();
        Livepeer { rng, stake }
    }

    /// The chance of each candidate.
    fn chances(&self, candidates: &[usize]) -> impl Iterator<Item = (usize, f64)> {
        let staked: f64 = candidates.iter().map(|provider| self.stake[*provider]).sum();
        let by_chance = RANDOM_WEIGHT / candidates.len() as f64;
        candidates.iter().map(move |provider| (*provider, STAKE_WEIGHT * self.stake[*provider] / staked + by_chance))
    }
}

impl Policy for Livepeer {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let free = view.open.iter().copied().filter(|provider| view.in_flight[*provider] < view.slots[*provider]);
        let free: Vec<usize> = free.collect();
        let candidates = if free.is_empty() { view.open } else { &free };
        let mut drawn = self.rng.unit();
        let chosen = self.chances(candidates).find(|(_, chance)| {
            drawn -= chance;
            drawn < 0.0
        });
        chosen.map_or(candidates[0], |(provider, _)| provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chances_are_those_of_the_published_weights() {
        let livepeer = Livepeer { rng: Rng::new(1, 0), stake: vec![6.0, 3.0, 1.0, 90.0] };
        let chances: Vec<f64> = livepeer.chances(&[0, 1, 2]).map(|(_, chance)| chance).collect();
        for (found, by_hand) in chances.iter().zip([0.52, 0.31, 0.17]) {
            assert!((found - by_hand).abs() < 1e-12, "{chances:?}");
        }
    }
}
