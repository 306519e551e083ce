//! The fewer in flight of two drawn providers (Mitzenmacher 2001).

use super::{Ask, Policy, View, least};
use crate::rng::Rng;

/// Draws two.
pub struct PowerOfTwo(Rng);

impl PowerOfTwo {
    /// With draws of its own.
    pub fn new(seed: u64) -> Self {
        PowerOfTwo(Rng::new(seed, 0x7032_6332))
    }
}

impl Policy for PowerOfTwo {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let drawn = two(&mut self.0, view.open);
        least(&mut self.0, drawn, |provider| view.in_flight[provider]).unwrap_or(drawn[0])
    }
}

/// Two different ones where there are two.
pub(super) fn two(rng: &mut Rng, open: &[usize]) -> [usize; 2] {
    let first = rng.below(open.len());
    let second = (first + 1 + rng.below((open.len() - 1).max(1))) % open.len();
    [open[first], open[second]]
}
