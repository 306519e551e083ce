//! The slow path: every few seconds what was seen is turned into the prices and limits that the fast paths use.
//!
//! | figure | from | rule |
//! | --- | --- | --- |
//! | `ask_median` | what owners ask | the middle of the capacity, each owner at its lowest price: cutting a machine up moves nothing |
//! | `congestion_ppm` | slots that run or are waited for | × (1 + (use − target) / (8 × target)) a period, within 1/8 either way, from 1 to 4 |
//! | `latency_price` (λ) | both | what doubling the median is worth in µs, over the median, over the congestion |
//! | `headroom` (h) | the peak of interactive demand | 5/4 of the fading peak less what runs of it now, at most half of all slots |
//! | `held_back` | shares of work and of capacity | owners over their limit, see `share` |
//!
//! Each rule is monotone in what it reads and bounded, so that no single ask and no single period moves it far. The
//! congestion is the multiplicative price update of a market that clears where use meets its target; nobody is billed
//! it: providers set their prices, and λ falls with it, so that when slots are short work goes to dearer ones sooner.

mod demand;
mod prices;
mod rules;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Bps;
use mira_core::tier::Tier;

use crate::codec::{get, get_map, put, put_map};
use crate::decay::Rolling;
use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::place;
use crate::place::limit::Limit;
use crate::share::Class;
use crate::timers::Due;

use demand::{Seen, count};
pub use prices::{MarketPrices, Prices};

/// How the market is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Policy {
    /// How often. Milliseconds.
    pub period_ms: u64,
    /// The use of slots at which nothing is short and nothing idle.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub target: Bps,
    /// After how long a peak of interactive demand counts half. Milliseconds.
    pub peak_half_life_ms: u64,
    /// What doubling the price is worth. Microseconds, by tier in the order of `Tier::ALL`.
    pub doubling_us: [u64; 4],
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            period_ms: 5_000,
            target: Bps::new(7_000).unwrap_or_default(),
            // A burst is expected to come again within the quarter of an hour.
            peak_half_life_ms: 900_000,
            // Interactive: one far round trip less. Batch: a minute. Training: what a step may wait. Pipeline: half a minute.
            doubling_us: [200_000, 60_000_000, 5_000_000, 30_000_000],
        }
    }
}

/// What the slow path knows and what it said last.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Market {
    prices: Prices,
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    peaks: BTreeMap<Class, Rolling>,
    armed: bool,
}

impl Market {
    /// The prices and limits now.
    pub fn prices(&self) -> &Prices {
        &self.prices
    }
}

impl Engine {
    /// The prices and limits that hold until the next period.
    pub fn prices(&self) -> &Prices {
        self.market.prices()
    }
}

/// Begins to look at the market as soon as there is an offer.
pub(crate) fn arm(engine: &mut Engine) {
    if !engine.market.armed {
        engine.market.armed = true;
        engine.timers.set(engine.now_ms, Due::Market);
    }
}

/// One period: recounts capacity and demand, sets the prices, and says so if any changed.
pub(crate) fn recompute(engine: &mut Engine, out: &mut Outcome) {
    let seen = count(engine);
    let now_ms = engine.now_ms;
    for class in engine.shares.classes() {
        let owners = seen.get(&class).map(Seen::by_owner).unwrap_or_default();
        engine.shares.recount(&engine.config.share, class, &owners, now_ms);
    }
    let markets = seen.iter().filter_map(|(class, seen)| market(engine, class, seen)).collect();
    let prices = Prices { markets };
    for (class, seen) in &seen {
        let peak = engine.market.peaks.entry(*class).or_default();
        peak.raise(seen.interactive, now_ms, engine.config.market.peak_half_life_ms);
    }
    let changed = prices != engine.market.prices;
    if changed {
        engine.market.prices = prices.clone();
        out.push(Effect::Prices(prices));
        released(engine, out);
    }
    engine.market.armed = engine.index.total() > 0;
    if engine.market.armed {
        engine.timers.set(now_ms.saturating_add(engine.config.market.period_ms.max(1)), Due::Market);
    }
}

/// The prices of one market; nothing without capacity.
fn market(engine: &Engine, class: &Class, seen: &Seen) -> Option<MarketPrices> {
    let (policy, now_ms) = (&engine.config.market, engine.now_ms);
    let weighted = |owner: &Key| engine.shares.capacity(class, owner);
    let ask_median = rules::median(seen.owners.iter().map(|(owner, held)| (held.lowest, weighted(owner))))?;
    let before = engine.market.prices.of(class).map_or(rules::ONE, |known| u64::from(known.congestion_ppm));
    let congestion = rules::congestion(before, seen.demand(), seen.slots, policy.target);
    let peak = engine.market.peaks.get(class).map_or(0, |peak| peak.at(now_ms, policy.peak_half_life_ms));
    let latency =
        |tier: &Tier| rules::latency_price(policy.doubling_us[usize::from(tier.as_u8())], ask_median, congestion);
    let mut latency_price = [0; 4];
    latency_price.iter_mut().zip(Tier::ALL).for_each(|(price, tier)| *price = latency(tier));
    Some(MarketPrices {
        resource_class: class.0,
        unit_kind: class.1,
        ask_median,
        congestion_ppm: u32::try_from(congestion).unwrap_or(u32::MAX),
        latency_price,
        headroom: rules::headroom(peak.max(seen.interactive), seen.interactive_running, seen.slots),
        held_back: engine.shares.held_back(&engine.config.share, class, now_ms),
    })
}

/// Plans again what waits because of a share: nothing else tells that one has fallen.
fn released(engine: &mut Engine, out: &mut Outcome) {
    let waits = |job: &crate::state::job::Job| {
        job.shortage.as_ref().is_some_and(|shortage| shortage.by_limit().any(|(limit, _)| limit == Limit::NetworkShare))
    };
    let waiting: Vec<Key> = engine.jobs.iter().filter(|(_, job)| waits(job)).map(|(key, _)| *key).collect();
    waiting.iter().for_each(|key| place::plan::plan(engine, key, out));
}

#[cfg(test)]
mod tests;
