//! What is done to gain by it, and what is not true any more: a figure without it beside the figure with it.

use super::at_us;
use crate::interactive::fault::{Fault, What};
use crate::interactive::model::{Model, SECOND_US};
use crate::interactive::outcome::{Outcome, Served};
use crate::interactive::policy::Kind;
use crate::interactive::sim;
use crate::interactive::summary::{Summary, shares};
use crate::interactive::world::{Traces, World};
use crate::parallel;
use crate::rng::Rng;
use serde::Serialize;

/// Providers that lie.
const LIARS: usize = 5;
/// Slots of the Sybil: in nodes of the usual size, or each in a node of its own.
const SYBIL_SLOTS: u32 = 100;
/// What the cheapest third asks for after the spike, of what it asked before.
const SPIKE: u64 = 4;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pressure {
    /// Every round trip that is known is another provider's.
    Stale,
    /// Some providers say all the time that they are idle.
    Liar,
    /// An operator splits its nodes into a hundred of one slot.
    Sybil,
    /// The cheapest third asks for four times its price.
    Spike,
}

impl Pressure {
    /// All.
    pub const ALL: [Pressure; 4] = [Pressure::Stale, Pressure::Liar, Pressure::Sybil, Pressure::Spike];

    /// In a table.
    pub fn name(self) -> &'static str {
        match self {
            Pressure::Stale => "stale round trips",
            Pressure::Liar => "a liar reports itself idle",
            Pressure::Sybil => "a Sybil splits into 100 nodes",
            Pressure::Spike => "a price spike of the cheapest third",
        }
    }

    /// The figure that is compared.
    pub fn figure(self) -> &'static str {
        match self {
            Pressure::Stale => "attainment, %",
            Pressure::Liar => "liars' share of requests over their share of slots",
            Pressure::Sybil => "its share of requests over its share of slots",
            Pressure::Spike => "price paid over cheapest",
        }
    }

    /// Under which policies: ours, and those that it says something about.
    pub fn policies(self) -> [Kind; 3] {
        match self {
            Pressure::Stale | Pressure::Sybil => [Kind::Ours, Kind::PowerOfTwo, Kind::LeastInFlight],
            Pressure::Liar => [Kind::Ours, Kind::PowerOfTwo, Kind::Reported],
            Pressure::Spike => [Kind::Ours, Kind::LeastInFlight, Kind::Cheapest],
        }
    }

    /// The figure without and with it, under one policy in one network.
    ///
    /// # Errors
    /// A figure is out of range.
    pub fn measure(self, world: &World, kind: Kind) -> anyhow::Result<(f64, f64)> {
        let run = |world: &World, faults: &[Fault]| sim::run(world, kind.build(world).as_mut(), faults);
        Ok(match self {
            Pressure::Stale => {
                let attained = |world: &World| -> anyhow::Result<f64> {
                    Ok(Summary::of(world, super::LOAD, &run(world, &[]))?.attainment * 100.0)
                };
                (attained(world)?, attained(&stale(world))?)
            }
            Pressure::Liar => {
                let of_liars = |outcome: Outcome| {
                    let after = &outcome.served[outcome.served.partition_point(|one| one.at_us < at_us(world))..];
                    let theirs = after.iter().filter(|one| one.provider < LIARS).count() as f64 / after.len() as f64;
                    theirs / (LIARS as f64 / world.providers.len() as f64)
                };
                (of_liars(run(world, &[])), of_liars(run(world, &lies(world))))
            }
            Pressure::Sybil => {
                let share = |world: &World| {
                    let outcome = run(world, &[]);
                    let shares = shares(world, &outcome.served[world.measured_from()..]);
                    let of_slots = world.capacity_shares();
                    shares.last().copied().unwrap_or(0.0) / of_slots.last().copied().unwrap_or(1.0)
                };
                (share(&with_sybil(world, world.model.slots)), share(&with_sybil(world, 1)))
            }
            Pressure::Spike => {
                let outcome = run(world, &spike(world));
                let (before, after) =
                    outcome.served.split_at(outcome.served.partition_point(|one| one.at_us < at_us(world)));
                let from = world.measured_from().min(before.len());
                let mut dearer = world.clone();
                for (provider, price) in spiked(world) {
                    dearer.providers[provider].price = price;
                }
                (cost(world, &before[from..]), cost(&dearer, after))
            }
        })
    }
}

/// The mean price at which requests were served, over what the cheapest slots for the load ask for.
fn cost(world: &World, served: &[Served]) -> f64 {
    let paid: f64 = served.iter().map(|one| world.providers[one.provider].price as f64).sum();
    paid / served.len().max(1) as f64 / world.cheapest_price(super::LOAD)
}

/// The network as a dispatcher knows it whose round trips were measured before everything moved.
fn stale(world: &World) -> World {
    let mut stale = world.clone();
    let mut from: Vec<usize> = (0..world.providers.len()).collect();
    Rng::new(world.seed, 0x7374_616c).shuffle(&mut from);
    for (known, row) in stale.known_rtt_us.iter_mut().zip(&world.rtt_us) {
        *known = from.iter().map(|provider| row[*provider]).collect();
    }
    stale
}

/// The first providers, which are random ones, say twice a second that they have nothing to do.
fn lies(world: &World) -> Vec<Fault> {
    let end_us = world.calls.last().map_or(0, |call| call.at_us);
    let times = (at_us(world)..end_us).step_by(usize::try_from(SECOND_US / 2).unwrap_or(1));
    times.flat_map(|at_us| (0..LIARS).map(move |liar| Fault { at_us, what: What::Report(liar, 0) })).collect()
}

/// One more owner beside the first provider, with nodes of this many slots; the last has what is left.
fn with_sybil(world: &World, slots: u32) -> World {
    let mut world = world.clone();
    let owner = world.capacity_shares().len();
    let mut left = SYBIL_SLOTS;
    while left > 0 {
        let mut node = world.providers[0].clone();
        (node.owner, node.slots) = (owner, slots.min(left));
        left -= node.slots;
        world.providers.push(node);
        for row in world.rtt_us.iter_mut().chain(&mut world.known_rtt_us) {
            row.push(row[0]);
        }
    }
    world
}

/// The cheapest third with their new prices.
fn spiked(world: &World) -> Vec<(usize, u64)> {
    let mut prices: Vec<(u64, usize)> =
        world.providers.iter().enumerate().map(|(index, provider)| (provider.price, index)).collect();
    prices.sort_unstable();
    prices.truncate(prices.len() / 3);
    prices.into_iter().map(|(price, provider)| (provider, price * SPIKE)).collect()
}

fn spike(world: &World) -> Vec<Fault> {
    vec![Fault { at_us: at_us(world), what: What::Price(spiked(world)) }]
}

/// One pressure under one policy, with one value for each seed.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// What happened.
    pub pressure: Pressure,
    /// The policy.
    pub policy: Kind,
    /// The figure without it; of a price spike, before it.
    pub without: Vec<f64>,
    /// The figure with it.
    pub with: Vec<f64>,
}

impl Pair {
    /// The figure with it over the figure without it, for each seed.
    pub fn gain(&self) -> Vec<f64> {
        self.without.iter().zip(&self.with).map(|(without, with)| with / without).collect()
    }
}

/// Runs every pressure under its policies.
///
/// # Errors
/// A figure is out of range.
pub fn run(model: &Model, traces: &Traces, seeds: &[u64]) -> anyhow::Result<Vec<Pair>> {
    let cells: Vec<(Pressure, Kind)> =
        Pressure::ALL.iter().flat_map(|pressure| pressure.policies().map(|kind| (*pressure, kind))).collect();
    let runs = parallel::map(seeds, |seed| {
        let world = super::world(model, traces, *seed);
        cells
            .iter()
            .map(|(pressure, kind)| pressure.measure(&world, *kind))
            .collect::<anyhow::Result<Vec<(f64, f64)>>>()
    });
    let runs = runs.into_iter().collect::<anyhow::Result<Vec<Vec<(f64, f64)>>>>()?;
    let pair = |(index, (pressure, policy)): (usize, &(Pressure, Kind))| Pair {
        pressure: *pressure,
        policy: *policy,
        without: runs.iter().map(|run| run[index].0).collect(),
        with: runs.iter().map(|run| run[index].1).collect(),
    };
    Ok(cells.iter().enumerate().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::synthetic;

    fn drawn() -> World {
        let traces = Traces { requests: synthetic::requests(4, 5_000), rtt: synthetic::rtt(4, 80) };
        let model = Model { providers: 100, owners: 20, fronts: 6, requests: 6_000, ..Model::default() };
        super::super::world(&model, &traces, 1)
    }

    #[test]
    fn self_reports_move_only_who_believes_them() {
        let world = drawn();
        for kind in [Kind::Ours, Kind::PowerOfTwo, Kind::LeastInFlight] {
            let honest = sim::run(&world, kind.build(&world).as_mut(), &[]);
            let lied_to = sim::run(&world, kind.build(&world).as_mut(), &lies(&world));
            assert_eq!(honest, lied_to, "{kind:?}");
        }
        let (without, with) = Pressure::Liar.measure(&world, Kind::Reported).unwrap();
        assert!(with > 1.3 * without, "{without} {with}");
    }

    #[test]
    fn a_sybil_has_the_same_slots_in_more_nodes() {
        let world = drawn();
        let (few, many) = (with_sybil(&world, 8), with_sybil(&world, 1));
        assert_eq!((few.slots(), many.slots()), (900, 900));
        assert_eq!((few.providers.len(), many.providers.len()), (113, 200));
        assert_eq!((few.providers[111].slots, few.providers[112].slots), (8, 4));
        let of_sybil = |world: &World| world.capacity_shares().last().copied().unwrap();
        assert!((of_sybil(&few) - 1.0 / 9.0).abs() < 1e-9 && (of_sybil(&many) - 1.0 / 9.0).abs() < 1e-9);
        assert!(many.rtt_us.iter().all(|row| row.len() == 200 && row[150] == row[0]));
    }

    #[test]
    fn the_spike_is_of_the_cheapest_third() {
        let world = drawn();
        let spiked = spiked(&world);
        let dearest = spiked.iter().map(|(provider, _)| world.providers[*provider].price).max().unwrap();
        assert_eq!(spiked.len(), 33);
        assert_eq!(world.providers.iter().filter(|provider| provider.price <= dearest).count(), 33);
        assert!(spiked.iter().all(|(provider, price)| *price == 4 * world.providers[*provider].price));
    }
}
