//! The fewest in flight of two drawn providers, as they say of themselves. Nobody should do this; it is here to show
//! what a liar gains where its word counts.

use super::power_of_two::two;
use super::{Ask, Policy, View, least};
use crate::rng::Rng;

/// What providers said last.
pub struct Reported {
    rng: Rng,
    said: Vec<Option<u32>>,
}

impl Reported {
    /// Nothing said yet.
    pub fn new(seed: u64, providers: usize) -> Self {
        Reported { rng: Rng::new(seed, 0x7265_706f), said: vec![None; providers] }
    }
}

impl Policy for Reported {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let drawn = two(&mut self.rng, view.open);
        let load = |provider: usize| self.said[provider].unwrap_or(view.in_flight[provider]);
        least(&mut self.rng, drawn, load).unwrap_or(drawn[0])
    }

    fn reported(&mut self, provider: usize, in_flight: u32, _now_us: u64) {
        self.said[provider] = Some(in_flight);
    }
}
