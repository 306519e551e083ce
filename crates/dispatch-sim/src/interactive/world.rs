//! One drawn network with its requests: what every policy of a run meets in the same way.

use super::model::Model;
use super::speed::Speed;
use crate::rng::Rng;
use crate::trace::{Request, Rtt};

const STREAM_NETWORK: u64 = 0x6e65_7477;
const STREAM_CALLS: u64 = 0x6361_6c6c;

/// What the network and its requests are drawn from.
#[derive(Clone, Debug)]
pub struct Traces {
    /// Arrivals, in order.
    pub requests: Vec<Request>,
    /// Round trips between hosts.
    pub rtt: Rtt,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its stake owner, counted from the largest.
    pub owner: usize,
    /// Requests it runs at the same time.
    pub slots: u32,
    /// For a second of one slot, in millionths of the median price.
    pub price: u64,
    /// The front it is nearest to.
    pub region: usize,
    /// When it is slow.
    pub speed: Speed,
}

/// A request of the run.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// When it comes in. Microseconds.
    pub at_us: u64,
    /// Where.
    pub front: usize,
    /// At full speed, until the first token. Microseconds.
    pub prefill_us: u64,
    /// At full speed, from the first token to the last. Microseconds.
    pub decode_us: u64,
}

impl Call {
    /// All its work at full speed. Microseconds.
    pub fn work_us(&self) -> u64 {
        self.prefill_us + self.decode_us
    }
}

/// A network and its requests.
#[derive(Clone, Debug)]
pub struct World {
    /// The constants it was drawn with.
    pub model: Model,
    /// The seed it was drawn from.
    pub seed: u64,
    /// Providers.
    pub providers: Vec<Provider>,
    /// Requests in order of arrival.
    pub calls: Vec<Call>,
    /// The round trip between each front and each provider. Microseconds.
    pub rtt_us: Vec<Vec<u32>>,
    /// What a dispatcher believes these to be.
    pub known_rtt_us: Vec<Vec<u32>>,
}

impl World {
    /// Draws one in which the offered work is `load` of all slots at full speed.
    pub fn draw(model: &Model, traces: &Traces, load: f64, seed: u64) -> Self {
        let mut rng = Rng::new(seed, STREAM_NETWORK);
        let hosts = traces.rtt.hosts();
        let fronts: Vec<usize> = (0..model.fronts).map(|_| rng.below(hosts)).collect();
        let owners = owners(&mut rng, model);
        let slots = model.providers as f64 * f64::from(model.slots);
        let calls = calls(model, &traces.requests, load * slots, seed);
        let until_us = calls.last().map_or(0, |call| call.at_us) + 120_000_000;
        let mut rtt_us = vec![Vec::with_capacity(model.providers); fronts.len()];
        let mut providers = Vec::with_capacity(model.providers);
        for owner in owners {
            let host = rng.below(hosts);
            for (front, row) in fronts.iter().zip(&mut rtt_us) {
                row.push(traces.rtt.micros(*front, host));
            }
            let region = (0..fronts.len()).min_by_key(|front| rtt_us[*front].last().copied()).unwrap_or(0);
            #[expect(clippy::cast_possible_truncation, reason = "a price near a million")]
            let price = rng.log_normal(1e6, model.price_sigma).clamp(1.0, 1e9) as u64;
            let speed = Speed::draw(&mut rng, model.slow_share, model.slow_factor, model.slow_mean_us, until_us);
            providers.push(Provider { owner, slots: model.slots, price, region, speed });
        }
        let known_rtt_us = rtt_us.clone();
        World { model: model.clone(), seed, providers, calls, rtt_us, known_rtt_us }
    }

    /// The same network without queues and slow periods: what the bound runs on.
    pub fn ideal(&self) -> Self {
        let mut world = self.clone();
        for provider in &mut world.providers {
            (provider.slots, provider.speed) = (u32::MAX, Speed::steady());
        }
        world
    }

    /// All slots.
    pub fn slots(&self) -> u64 {
        self.providers.iter().map(|provider| u64::from(provider.slots)).sum()
    }

    /// The first request that is measured.
    pub fn measured_from(&self) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "a part of a length")]
        let first = (self.calls.len() as f64 * self.model.warm_up) as usize;
        first
    }

    /// Each owner's part of all slots.
    pub fn capacity_shares(&self) -> Vec<f64> {
        let owners = self.providers.iter().map(|provider| provider.owner + 1).max().unwrap_or(0);
        let mut shares = vec![0.0; owners];
        for provider in &self.providers {
            shares[provider.owner] += f64::from(provider.slots) / self.slots() as f64;
        }
        shares
    }

    /// The mean price of the cheapest slots that hold a load, each filled before the next dearer one: what nobody
    /// can go below while all slots run at full speed.
    pub fn cheapest_price(&self, load: f64) -> f64 {
        let mut slots: Vec<(u64, f64)> =
            self.providers.iter().map(|provider| (provider.price, f64::from(provider.slots))).collect();
        slots.sort_unstable_by_key(|(price, _)| *price);
        let wanted = (load * self.slots() as f64).min(self.slots() as f64);
        let (mut left, mut paid) = (wanted, 0.0);
        for (price, count) in slots {
            let taken = count.min(left);
            paid += taken * price as f64;
            left -= taken;
        }
        paid / wanted
    }
}

/// The owner of each provider, in random order: every owner has at least one.
fn owners(rng: &mut Rng, model: &Model) -> Vec<usize> {
    let weight = |owner: usize| ((owner + 1) as f64).powf(-model.owner_exponent);
    let total: f64 = (0..model.owners).map(weight).sum();
    let (mut owners, mut sum) = (Vec::with_capacity(model.providers), 0.0);
    for owner in 0..model.owners {
        sum += weight(owner) / total * model.providers as f64;
        while (owners.len() as f64) < sum.round() {
            owners.push(owner);
        }
    }
    owners.resize(model.providers, 0);
    rng.shuffle(&mut owners);
    owners
}

/// Copies of the trace on top of each other, each played faster from a random request on, so that `busy` slots are busy
/// in the mean: as many copies as come nearest to it at the model's speed, which is then adjusted for the rest.
fn calls(model: &Model, trace: &[Request], busy: f64, seed: u64) -> Vec<Call> {
    let mut rng = Rng::new(seed, STREAM_CALLS);
    let work = |request: &Request| model.prefill_us(request.context_tokens) + model.decode_us(request.generated_tokens);
    let mean_us = trace.iter().map(|request| work(request) as f64).sum::<f64>() / trace.len() as f64;
    // One gap more than there is, of mean length, between the last request and the first again.
    let lap_us = trace.last().map_or(0, |last| last.at_us) as f64 * trace.len() as f64 / (trace.len() - 1) as f64;
    let (wanted, of_one) = (busy / mean_us, trace.len() as f64 / lap_us * model.speed_up);
    let copies = (wanted / of_one).round().max(1.0);
    let speed = model.speed_up * wanted / (of_one * copies);
    let until_us = model.requests as f64 / wanted;
    let mut calls = Vec::with_capacity(model.requests + model.requests / 8);
    #[expect(clippy::cast_possible_truncation, reason = "a small count")]
    for _ in 0..copies as usize {
        let first = rng.below(trace.len());
        for count in first.. {
            let (lap, request) = (count / trace.len(), &trace[count % trace.len()]);
            let at_us = (lap as f64 * lap_us + request.at_us as f64 - trace[first].at_us as f64) / speed;
            if at_us >= until_us {
                break;
            }
            calls.push(Call {
                at_us: at_us as u64,
                front: rng.below(model.fronts),
                prefill_us: model.prefill_us(request.context_tokens),
                decode_us: model.decode_us(request.generated_tokens),
            });
        }
    }
    calls.sort_by_key(|call| call.at_us);
    calls
}

#[cfg(test)]
mod tests;
