//! The cheapest provider that has a free slot; where none has, the fewest in flight.

use super::{Ask, Policy, View, least};
use crate::rng::Rng;

/// Breaks ties by chance.
pub struct Cheapest(Rng);

impl Cheapest {
    /// With draws of its own.
    pub fn new(seed: u64) -> Self {
        Cheapest(Rng::new(seed, 0x6368_6561))
    }
}

impl Policy for Cheapest {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let free = view.open.iter().copied().filter(|provider| view.in_flight[*provider] < view.slots[*provider]);
        let chosen = least(&mut self.0, free, |provider| view.price[provider]);
        let or_else = |rng| least(rng, view.open.iter().copied(), |provider| view.in_flight[provider]);
        chosen.or_else(|| or_else(&mut self.0)).unwrap_or(view.open[0])
    }
}
