//! What one run comes down to.

use super::model::SECOND_US;
use super::outcome::{Outcome, Served};
use super::world::World;
use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest time that is told apart. Microseconds.
const LONGEST_US: u64 = 3_600 * SECOND_US;

/// The figures of one run, warm-up left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Time to first token, median. Seconds.
    pub p50_s: f64,
    /// 99 %. Seconds.
    pub p99_s: f64,
    /// 99.9 %. Seconds.
    pub p999_s: f64,
    /// Part of the requests whose first token came within the target.
    pub attainment: f64,
    /// Second attempts of all requests.
    pub hedges: f64,
    /// Slot time of attempts that were stopped, of all slot time.
    pub wasted: f64,
    /// The largest part of the requests that one owner served.
    pub largest_share: f64,
    /// The most that an owner's part is of what it may be: the larger of twice its slots' part and 1 %.
    pub share_of_bound: f64,
    /// What was paid over what the cheapest slots would have cost.
    pub cost: f64,
    /// Attempts that went to a provider dearer than the request pays.
    pub breaches: u64,
    /// The times, for plots: quantiles at [`QUANTILES`]. Seconds.
    pub quantiles_s: Vec<f64>,
}

/// Where the distribution is drawn.
pub const QUANTILES: [f64; 13] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995, 0.9999];

impl Summary {
    /// Of a run at a load.
    ///
    /// # Errors
    /// A time is out of range.
    pub fn of(world: &World, load: f64, outcome: &Outcome) -> anyhow::Result<Self> {
        let from = world.measured_from();
        let served = &outcome.served[from..];
        let times = histogram(served)?;
        let seconds = |quantile: f64| times.value_at_quantile(quantile) as f64 / SECOND_US as f64;
        let shares = shares(world, served);
        let of_bound = |(share, slots): (&f64, &f64)| share / (2.0 * slots).max(0.01);
        let part = |part: u64, of: u64| part as f64 / of.max(1) as f64;
        let work: f64 = world.calls[from..].iter().map(|call| call.work_us() as f64).sum();
        Ok(Summary {
            p50_s: seconds(0.5),
            p99_s: seconds(0.99),
            p999_s: seconds(0.999),
            attainment: attainment(served, world.model.target_us),
            hedges: part(outcome.hedges, world.calls.len() as u64),
            wasted: part(outcome.wasted_us, outcome.busy_us),
            largest_share: shares.iter().copied().fold(0.0, f64::max),
            share_of_bound: shares.iter().zip(&world.capacity_shares()).map(of_bound).fold(0.0, f64::max),
            cost: outcome.paid[from..].iter().sum::<f64>() / (work * world.cheapest_price(load)),
            breaches: outcome.breaches,
            quantiles_s: QUANTILES.map(seconds).to_vec(),
        })
    }
}

/// Part of the requests whose first token came in time.
pub fn attainment(served: &[Served], target_us: u64) -> f64 {
    let in_time = served.iter().filter(|served| served.ttft_us.is_some_and(|ttft_us| ttft_us <= target_us));
    in_time.count() as f64 / served.len().max(1) as f64
}

/// Part of the requests that each owner served.
pub fn shares(world: &World, served: &[Served]) -> Vec<f64> {
    let mut shares = vec![0.0; world.capacity_shares().len()];
    for one in served.iter().filter(|one| one.ttft_us.is_some()) {
        shares[world.providers[one.provider].owner] += 1.0 / served.len() as f64;
    }
    shares
}

/// The times to first token; what never came counts as the longest.
fn histogram(served: &[Served]) -> anyhow::Result<Histogram<u64>> {
    let mut times = Histogram::new_with_bounds(1, LONGEST_US, 3)?;
    for served in served {
        times.record(served.ttft_us.unwrap_or(LONGEST_US).clamp(1, LONGEST_US))?;
    }
    Ok(times)
}
