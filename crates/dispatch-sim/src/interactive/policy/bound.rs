//! What nobody can beat: every provider has room for everything and is never slow, so the nearest one serves. The
//! simulator gives it a network like that; see [`crate::interactive::world::World::ideal`].

use super::{Ask, Policy, View};
use crate::interactive::world::World;

/// The nearest provider of each front.
pub struct Bound(Vec<usize>);

impl Bound {
    /// For a network.
    pub fn new(world: &World) -> Self {
        let nearest = |row: &Vec<u32>| (0..row.len()).min_by_key(|provider| row[*provider]).unwrap_or(0);
        Bound(world.rtt_us.iter().map(nearest).collect())
    }
}

impl Policy for Bound {
    fn route(&mut self, _view: &View<'_>, ask: &Ask) -> usize {
        self.0[ask.front]
    }
}
