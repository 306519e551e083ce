//! All policies on the same networks, over seeds and loads.

use super::model::Model;
use super::policy::Kind;
use super::sim;
use super::summary::Summary;
use super::world::{Traces, World};
use crate::parallel;
use crate::stats::Estimate;
use serde::Serialize;

/// One policy at one load, over all seeds.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Offered work of all slots.
    pub load: f64,
    /// The policy.
    pub policy: Kind,
    /// One for each seed.
    pub runs: Vec<Summary>,
}

impl Cell {
    /// A figure over the seeds.
    pub fn over(&self, figure: impl Fn(&Summary) -> f64) -> Estimate {
        Estimate::of(&self.runs.iter().map(figure).collect::<Vec<f64>>())
    }
}

/// Runs them: for each load, a cell for each policy.
///
/// # Errors
/// A figure is out of range.
pub fn run(model: &Model, traces: &Traces, loads: &[f64], seeds: &[u64], kinds: &[Kind]) -> anyhow::Result<Vec<Cell>> {
    let networks: Vec<(f64, u64)> = loads.iter().flat_map(|load| seeds.iter().map(|seed| (*load, *seed))).collect();
    let runs = parallel::map(&networks, |(load, seed)| {
        let world = World::draw(model, traces, *load, *seed);
        kinds.iter().map(|kind| one(&world, *load, *kind)).collect::<anyhow::Result<Vec<Summary>>>()
    });
    let mut cells: Vec<Cell> = loads
        .iter()
        .flat_map(|load| kinds.iter().map(|kind| Cell { load: *load, policy: *kind, runs: Vec::new() }))
        .collect();
    for (index, run) in runs.into_iter().enumerate() {
        let row = index / seeds.len() * kinds.len();
        for (cell, summary) in cells[row..].iter_mut().zip(run?) {
            cell.runs.push(summary);
        }
    }
    Ok(cells)
}

/// One policy on one network.
///
/// # Errors
/// A figure is out of range.
pub fn one(world: &World, load: f64, kind: Kind) -> anyhow::Result<Summary> {
    let ideal = (kind == Kind::Bound).then(|| world.ideal());
    let world = ideal.as_ref().unwrap_or(world);
    let outcome = sim::run(world, kind.build(world).as_mut(), &[]);
    Summary::of(world, load, &outcome)
}
