//! The fewest in flight of all (join the shortest queue): a scan over every provider.

use super::{Ask, Policy, View, least};
use crate::rng::Rng;

/// Breaks ties by chance.
pub struct LeastInFlight(Rng);

impl LeastInFlight {
    /// With draws of its own.
    pub fn new(seed: u64) -> Self {
        LeastInFlight(Rng::new(seed, 0x6c65_6173))
    }
}

impl Policy for LeastInFlight {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        least(&mut self.0, view.open.iter().copied(), |provider| view.in_flight[provider]).unwrap_or(view.open[0])
    }
}
