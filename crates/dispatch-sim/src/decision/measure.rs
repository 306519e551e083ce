//! Decisions in batches for the rate, one by one for the distribution. The clock and the process's memory are given
//! by the caller: nothing here reads them.

use super::subject::{Kind, Ours, Subject};
use crate::stats::Estimate;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::hint::black_box;

/// Decisions between two readings of the clock, in the rate.
const BATCH: usize = 500;
/// Batches that are timed, after a tenth as many that are not.
const BATCHES: usize = 400;
/// Decisions that are timed alone.
const SINGLES: usize = 200_000;

/// What the caller measures with.
pub struct Meter<'a> {
    /// Nanoseconds from any moment on.
    pub now_ns: &'a dyn Fn() -> u64,
    /// The memory that the process holds, in bytes, if that can be found out.
    pub resident: &'a dyn Fn() -> Option<u64>,
}

impl Meter<'_> {
    /// What reading the clock costs: the median of two readings in a row. Nanoseconds.
    pub fn overhead_ns(&self) -> u64 {
        let mut gaps: Vec<u64> = (0..100_001)
            .map(|_| {
                let before_ns = (self.now_ns)();
                (self.now_ns)() - before_ns
            })
            .collect();
        gaps.sort_unstable();
        gaps[gaps.len() / 2]
    }
}

/// One subject at one size from one seed. Nanoseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Run {
    /// A decision in the median batch: one that the machine left alone.
    pub batch_ns: f64,
    /// A decision alone, the clock's own cost taken off: the median.
    pub p50_ns: f64,
    /// 99 %.
    pub p99_ns: f64,
    /// 99.9 %.
    pub p999_ns: f64,
}

/// One subject at one size, over all seeds.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Providers.
    pub providers: usize,
    /// The subject.
    pub subject: Kind,
    /// One for each seed.
    pub runs: Vec<Run>,
    /// Memory for each provider, of ours. Bytes.
    pub bytes: Option<f64>,
}

impl Cell {
    /// A figure over the seeds.
    pub fn over(&self, figure: impl Fn(&Run) -> f64) -> Estimate {
        Estimate::of(&self.runs.iter().map(figure).collect::<Vec<f64>>())
    }
}

/// Measures every subject at every size.
///
/// # Errors
/// A figure is out of range.
pub fn run(sizes: &[usize], seeds: &[u64], meter: &Meter<'_>) -> anyhow::Result<Vec<Cell>> {
    let bytes = memory(sizes, meter);
    let overhead_ns = meter.overhead_ns();
    let mut cells = Vec::new();
    for (providers, bytes) in sizes.iter().zip(bytes) {
        for subject in Kind::ALL {
            let runs = seeds.iter().map(|seed| one(subject.build(*providers, *seed).as_mut(), meter, overhead_ns));
            let runs = runs.collect::<anyhow::Result<Vec<Run>>>()?;
            let bytes = bytes.filter(|_| subject == Kind::Ours);
            cells.push(Cell { providers: *providers, subject, runs, bytes });
        }
    }
    Ok(cells)
}

/// What the process grows by for each provider of the router: all sizes are held at the same time, so that none
/// gets what another one has freed.
fn memory(sizes: &[usize], meter: &Meter<'_>) -> Vec<Option<f64>> {
    let mut held = Vec::new();
    let grown = |providers: &usize| {
        let before = (meter.resident)()?;
        held.push(Ours::new(*providers, 1));
        Some((meter.resident)()?.saturating_sub(before) as f64 / *providers as f64)
    };
    sizes.iter().map(grown).collect()
}

fn one(subject: &mut dyn Subject, meter: &Meter<'_>, overhead_ns: u64) -> anyhow::Result<Run> {
    let batch = |subject: &mut dyn Subject| {
        let before_ns = (meter.now_ns)();
        for _ in 0..BATCH {
            black_box(subject.decide());
        }
        let batch_ns = (meter.now_ns)() - before_ns;
        subject.settle();
        batch_ns
    };
    (0..BATCHES / 10).for_each(|_| {
        black_box(batch(subject));
    });
    let mut batches: Vec<u64> = (0..BATCHES).map(|_| batch(subject)).collect();
    batches.sort_unstable();
    let mut alone = Histogram::<u64>::new_with_bounds(1, 10_000_000_000, 3)?;
    for count in 0..SINGLES {
        let before_ns = (meter.now_ns)();
        black_box(subject.decide());
        let single_ns = (meter.now_ns)() - before_ns;
        alone.record(single_ns.saturating_sub(overhead_ns).max(1))?;
        if count % BATCH == BATCH - 1 {
            subject.settle();
        }
    }
    let quantile = |at: f64| alone.value_at_quantile(at) as f64;
    Ok(Run {
        batch_ns: batches[BATCHES / 2] as f64 / BATCH as f64,
        p50_ns: quantile(0.5),
        p99_ns: quantile(0.99),
        p999_ns: quantile(0.999),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell as Counter;

    /// A clock that goes on by one at each reading: every figure is what it must be.
    #[test]
    fn the_clocks_own_cost_is_taken_off() {
        let ticks = Counter::new(0);
        let now_ns = || {
            ticks.set(ticks.get() + 7);
            ticks.get()
        };
        let meter = Meter { now_ns: &now_ns, resident: &|| None };
        assert_eq!(meter.overhead_ns(), 7);
        let run = one(Kind::PowerOfTwo.build(100, 1).as_mut(), &meter, 7).unwrap();
        assert_eq!((run.p50_ns, run.p999_ns), (1.0, 1.0), "nothing is left but the least that is told apart");
        assert!((run.batch_ns - 7.0 / 500.0).abs() < 1e-12);
    }
}
