//! What the engine that the service runs costs around its decisions: leases proposed, shards handed out, and a pass of
//! the slow path, each as one input of `Engine::step`.
//!
//! | module | holds |
//! | --- | --- |
//! | [`town`] | an engine with so many providers and jobs, and the inputs |
//! | [`report`] | table, goals, what fails a run |

pub mod report;
pub mod town;

use super::measure::Meter;
use crate::stats::Estimate;
use hdrhistogram::Histogram;
use serde::Serialize;
use town::Town;

/// Jobs that run while the inputs are timed.
pub const JOBS: [usize; 2] = [10, 10_000];
/// Jobs placed before all of them end, untimed.
const PLACES: usize = 50;
/// Pulls before all that was handed out comes back, untimed.
const PULLS: usize = 100;
/// How often, after a tenth as often untimed.
const ROUNDS: usize = 60;

/// One kind of input at one size from one seed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Timed {
    /// Leases or shards, for each second that its inputs took, in the median round: one that the machine left alone.
    pub per_second: f64,
    /// One input alone, the clock's own cost taken off: the median. Nanoseconds.
    pub p50_ns: f64,
    /// 99 %.
    pub p99_ns: f64,
}

/// One size from one seed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Run {
    /// A batch job is placed: leases proposed.
    pub place: Timed,
    /// A provider pulls: shards handed out.
    pub pull: Timed,
    /// The slow path looks at the markets, after a round of the other two: passes.
    pub pass: Timed,
}

/// One size over all seeds.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Providers.
    pub providers: usize,
    /// Jobs that run.
    pub jobs: usize,
    /// One for each seed.
    pub runs: Vec<Run>,
}

impl Cell {
    /// A figure over the seeds.
    pub fn over(&self, figure: impl Fn(&Run) -> f64) -> Estimate {
        Estimate::of(&self.runs.iter().map(figure).collect::<Vec<f64>>())
    }
}

/// Measures every size with few jobs and with many.
///
/// # Errors
/// A figure is out of range.
pub fn run(sizes: &[usize], seeds: &[u64], meter: &Meter<'_>) -> anyhow::Result<Vec<Cell>> {
    let overhead_ns = meter.overhead_ns();
    let mut cells = Vec::new();
    for providers in sizes.iter().copied() {
        for jobs in JOBS {
            let runs = seeds.iter().map(|seed| one(&mut Town::new(providers, jobs, *seed)?, meter, overhead_ns));
            cells.push(Cell { providers, jobs, runs: runs.collect::<anyhow::Result<Vec<Run>>>()? });
        }
    }
    Ok(cells)
}

fn one(town: &mut Town, meter: &Meter<'_>, overhead_ns: u64) -> anyhow::Result<Run> {
    let mut watches = [Watch::new()?, Watch::new()?, Watch::new()?];
    for round in 0..ROUNDS + ROUNDS / 10 {
        if round == ROUNDS / 10 {
            watches = [Watch::new()?, Watch::new()?, Watch::new()?];
        }
        let [place, pull, pass] = &mut watches;
        let timed = |watch: &mut Watch, work: &mut dyn FnMut() -> usize| {
            let before_ns = (meter.now_ns)();
            let done = work();
            watch.add(((meter.now_ns)() - before_ns).saturating_sub(overhead_ns), done)
        };
        for _ in 0..PLACES {
            let mut job = Some(town.next_job());
            timed(place, &mut || job.take().map_or(0, |job| town.place(job)))?;
        }
        for _ in 0..PULLS {
            let provider = town.next_puller();
            timed(pull, &mut || town.pull(&provider))?;
        }
        // All that has come and is under way counts in the pass; what it leaves behind is untimed.
        town.wait();
        timed(pass, &mut || town.pass())?;
        watches.iter_mut().for_each(Watch::end_round);
        town.settle();
    }
    let [place, pull, pass] = &mut watches;
    Ok(Run { place: place.timed(), pull: pull.timed(), pass: pass.timed() })
}

/// Inputs of one kind.
struct Watch {
    alone: Histogram<u64>,
    total_ns: u64,
    done: usize,
    /// What was done for each second of a round.
    rates: Vec<f64>,
}

impl Watch {
    fn new() -> anyhow::Result<Self> {
        Ok(Watch { alone: Histogram::new_with_bounds(1, 100_000_000_000, 3)?, total_ns: 0, done: 0, rates: Vec::new() })
    }

    fn add(&mut self, took_ns: u64, done: usize) -> anyhow::Result<()> {
        self.alone.record(took_ns.max(1))?;
        self.total_ns += took_ns.max(1);
        self.done += done;
        Ok(())
    }

    fn end_round(&mut self) {
        self.rates.push(self.done as f64 * 1e9 / self.total_ns.max(1) as f64);
        (self.total_ns, self.done) = (0, 0);
    }

    fn timed(&mut self) -> Timed {
        self.rates.sort_by(f64::total_cmp);
        let quantile = |at: f64| self.alone.value_at_quantile(at) as f64;
        Timed {
            per_second: self.rates.get(self.rates.len() / 2).copied().unwrap_or_default(),
            p50_ns: quantile(0.5),
            p99_ns: quantile(0.99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell as Counter;

    /// A clock that goes on by a microsecond at each reading: every input takes just that.
    #[test]
    fn rates_are_of_what_was_done_and_of_the_time_it_took() {
        let ticks = Counter::new(0);
        let now_ns = || {
            ticks.set(ticks.get() + 1_000);
            ticks.get()
        };
        let meter = Meter { now_ns: &now_ns, resident: &|| None };
        let run = one(&mut Town::new(300, 4, 1).unwrap(), &meter, 0).unwrap();
        // Three leases a job, one shard a pull, one pass a time.
        let rates = [run.place, run.pull, run.pass].map(|timed| (timed.per_second / 1e6).round());
        assert_eq!(rates, [3.0, 1.0, 1.0]);
        assert!([run.place, run.pull, run.pass].iter().all(|timed| (999.0..=1_001.0).contains(&timed.p99_ns)));
    }
}
