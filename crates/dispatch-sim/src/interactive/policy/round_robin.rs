//! One after the other.

use super::{Ask, Policy, View};

/// Remembers where it is.
#[derive(Default)]
pub struct RoundRobin(usize);

impl Policy for RoundRobin {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        self.0 = (self.0 + 1) % view.open.len();
        view.open[self.0]
    }
}
