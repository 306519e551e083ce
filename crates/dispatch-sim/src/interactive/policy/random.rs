//! Any provider.

use super::{Ask, Policy, View};
use crate::rng::Rng;

/// Draws one.
pub struct Random(Rng);

impl Random {
    /// With draws of its own.
    pub fn new(seed: u64) -> Self {
        Random(Rng::new(seed, 0x7261_6e64))
    }
}

impl Policy for Random {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        view.open[self.0.below(view.open.len())]
    }
}
