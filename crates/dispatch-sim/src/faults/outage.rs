//! Providers that vanish in the middle of what they do. Nobody is told: their silence has to be noticed, and what they
//! had is sent again elsewhere.

use super::at_us;
use crate::interactive::fault::{Fault, What};
use crate::interactive::model::{Model, SECOND_US};
use crate::interactive::outcome::Served;
use crate::interactive::policy::Kind;
use crate::interactive::sim;
use crate::interactive::summary::attainment;
use crate::interactive::world::{Traces, World};
use crate::parallel;
use crate::stats::Estimate;
use serde::Serialize;

/// Seconds before and after, in which attainment is looked at.
pub const AROUND_S: u64 = 30;
/// How long a region stays cut off. Seconds.
const CUT_S: u64 = 15;
/// The window of a recovery. Seconds.
const WINDOW_S: u64 = 5;

/// What vanishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// Every tenth provider.
    Tenth,
    /// All providers of the largest owner.
    LargestOwner,
    /// The providers of a region, which come back after [`CUT_S`].
    Region,
}

impl Outage {
    /// All.
    pub const ALL: [Outage; 3] = [Outage::Tenth, Outage::LargestOwner, Outage::Region];

    /// In a table.
    pub fn name(self) -> &'static str {
        match self {
            Outage::Tenth => "10 % of providers killed",
            Outage::LargestOwner => "the largest owner removed",
            Outage::Region => "a region cut off for 15 s",
        }
    }

    /// What happens in a network.
    pub fn faults(self, world: &World) -> Vec<Fault> {
        let at_us = at_us(world);
        let all = 0..world.providers.len();
        let gone: Vec<usize> = match self {
            Outage::Tenth => all.step_by(10).collect(),
            Outage::LargestOwner => all.filter(|provider| world.providers[*provider].owner == 0).collect(),
            Outage::Region => region(world),
        };
        let mut faults = vec![Fault { at_us, what: What::Down(gone.clone()) }];
        if self == Outage::Region {
            faults.push(Fault { at_us: at_us + CUT_S * SECOND_US, what: What::Up(gone) });
        }
        faults
    }
}

/// The providers of the largest region that holds at most a fifth of them.
fn region(world: &World) -> Vec<usize> {
    let of = |region: usize| -> Vec<usize> {
        (0..world.providers.len()).filter(|provider| world.providers[*provider].region == region).collect()
    };
    let regions = (0..world.rtt_us.len()).map(of).filter(|members| members.len() * 5 <= world.providers.len());
    regions.max_by_key(Vec::len).unwrap_or_default()
}

/// One outage under one policy, with one value for each seed.
#[derive(Clone, Debug, Serialize)]
pub struct Recovery {
    /// What vanished.
    pub outage: Outage,
    /// The policy.
    pub policy: Kind,
    /// Part of all slots that vanished.
    pub gone: Vec<f64>,
    /// Attainment in the time before.
    pub before: Vec<f64>,
    /// In the first five seconds.
    pub first: Vec<f64>,
    /// From then on.
    pub later: Vec<f64>,
    /// Seconds until attainment is back: 99.9 %, or within half a point of before, over five seconds.
    pub recovered_s: Vec<f64>,
    /// Attainment second by second, from [`AROUND_S`] before on, as a mean over the seeds.
    pub timeline: Vec<f64>,
}

impl Recovery {
    /// A figure over the seeds, in percent.
    pub fn percent(values: &[f64]) -> Estimate {
        Estimate::of(&values.iter().map(|value| value * 100.0).collect::<Vec<f64>>())
    }
}

/// One run.
struct Run {
    gone: f64,
    before: f64,
    first: f64,
    later: f64,
    recovered_s: f64,
    timeline: Vec<f64>,
}

/// Runs every outage under every policy.
pub fn run(model: &Model, traces: &Traces, seeds: &[u64], kinds: &[Kind]) -> Vec<Recovery> {
    let cells: Vec<(Outage, Kind)> =
        Outage::ALL.iter().flat_map(|outage| kinds.iter().map(|kind| (*outage, *kind))).collect();
    let runs = parallel::map(seeds, |seed| {
        let world = super::world(model, traces, *seed);
        cells.iter().map(|(outage, kind)| one(&world, *outage, *kind)).collect::<Vec<Run>>()
    });
    let recovery = |(index, (outage, policy)): (usize, &(Outage, Kind))| {
        let of = |figure: fn(&Run) -> f64| runs.iter().map(|run| figure(&run[index])).collect::<Vec<f64>>();
        let mean =
            |second: usize| runs.iter().map(|run| run[index].timeline[second]).sum::<f64>() / runs.len().max(1) as f64;
        Recovery {
            outage: *outage,
            policy: *policy,
            gone: of(|run| run.gone),
            before: of(|run| run.before),
            first: of(|run| run.first),
            later: of(|run| run.later),
            recovered_s: of(|run| run.recovered_s),
            timeline: (0..runs.first().map_or(0, |run| run[index].timeline.len())).map(mean).collect(),
        }
    };
    cells.iter().enumerate().map(recovery).collect()
}

fn one(world: &World, outage: Outage, kind: Kind) -> Run {
    let faults = outage.faults(world);
    let outcome = sim::run(world, kind.build(world).as_mut(), &faults);
    let at_s = at_us(world) / SECOND_US;
    let within = |from_s: u64, to_s: u64| attained(&outcome.served, from_s, to_s, world.model.target_us);
    let start_s = at_s.saturating_sub(AROUND_S);
    let before = within(start_s, at_s);
    let back = (before - 0.005).min(0.999);
    let is_back = |second: &u64| within(at_s + second, at_s + second + WINDOW_S) >= back;
    let gone = match &faults[0].what {
        What::Down(gone) => gone.iter().map(|provider| f64::from(world.providers[*provider].slots)).sum::<f64>(),
        What::Up(_) | What::Price(_) | What::Report(..) => 0.0,
    };
    Run {
        gone: gone / world.slots() as f64,
        before,
        first: within(at_s, at_s + 5),
        later: within(at_s + 5, at_s + AROUND_S),
        recovered_s: (0..AROUND_S).find(is_back).unwrap_or(AROUND_S) as f64,
        timeline: (0..2 * AROUND_S).map(|second| within(start_s + second, start_s + second + 1)).collect(),
    }
}

/// Attainment of the requests that came in during these seconds.
fn attained(served: &[Served], from_s: u64, to_s: u64, target_us: u64) -> f64 {
    let from = served.partition_point(|one| one.at_us < from_s * SECOND_US);
    let to = served.partition_point(|one| one.at_us < to_s * SECOND_US);
    attainment(&served[from..to.max(from)], target_us)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::synthetic;

    fn drawn() -> World {
        let traces = Traces { requests: synthetic::requests(3, 5_000), rtt: synthetic::rtt(3, 80) };
        let model = Model { providers: 100, owners: 20, fronts: 6, requests: 4_000, ..Model::default() };
        super::super::world(&model, &traces, 1)
    }

    #[test]
    fn what_vanishes_is_what_the_name_says() {
        let world = drawn();
        let gone = |outage: Outage| match &outage.faults(&world)[0].what {
            What::Down(gone) => gone.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(gone(Outage::Tenth).len(), 10);
        let of_largest = gone(Outage::LargestOwner).len() as f64 / 100.0;
        assert!((of_largest - world.capacity_shares()[0]).abs() < 1e-9);
        let region = gone(Outage::Region);
        assert!(!region.is_empty() && region.len() <= 20);
        assert!(region.iter().all(|provider| world.providers[*provider].region == world.providers[region[0]].region));
    }

    #[test]
    fn an_outage_shows_in_the_first_seconds_and_passes() {
        let run = one(&drawn(), Outage::LargestOwner, Kind::LeastInFlight);
        assert!(run.first < run.before && run.later > run.first, "{} {} {}", run.before, run.first, run.later);
        assert_eq!(run.timeline.len(), 60);
    }

    #[test]
    fn attainment_is_of_who_came_in_then() {
        let served = |second: u64, ttft_us| Served { at_us: second * SECOND_US, ttft_us, provider: 0 };
        let all = [served(1, Some(10)), served(2, Some(10)), served(2, Some(30)), served(3, None)];
        assert_eq!(
            [(1, 2), (2, 3), (3, 4), (1, 4)].map(|(from, to)| attained(&all, from, to, 20)),
            [1.0, 0.5, 0.0, 0.5]
        );
    }
}
