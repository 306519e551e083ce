//! What goes wrong, in the simulator of [`crate::interactive`]: ours beside two baselines.
//!
//! | module | holds |
//! | --- | --- |
//! | [`outage`] | providers that vanish: some, an owner's, a region's; how long it shows |
//! | [`pressure`] | what pays nobody anything: stale round trips, a liar, a Sybil, a price spike |
//! | [`report`] | tables, goals, plots |

pub mod outage;
pub mod pressure;
pub mod report;

use crate::interactive::model::{Model, SECOND_US};
use crate::interactive::world::{Traces, World};

/// The load of all of them.
pub const LOAD: f64 = 0.7;

/// The networks: enough requests for a minute before and after.
pub fn world(model: &Model, traces: &Traces, seed: u64) -> World {
    World::draw(model, traces, LOAD, seed)
}

/// When it happens: in the middle, on a whole second.
pub fn at_us(world: &World) -> u64 {
    let end_us = world.calls.last().map_or(0, |call| call.at_us);
    end_us / 2 / SECOND_US * SECOND_US
}
