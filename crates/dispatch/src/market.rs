//! The slow path: every few seconds what was seen is turned into the prices and limits that the fast paths use.
//!
//! | figure | from | rule |
//! | --- | --- | --- |
//! | `ask_median` | what owners ask | the middle of the capacity, each owner at its lowest price: cutting a machine up moves nothing |
//! | `congestion_ppm` | slots that run or are waited for | × (1 + (use − target) / (8 × target)) a period, within 1/8 either way, from 1 to 4 |
//! | `latency_price` (λ) | both | what doubling the median is worth in µs, over the median, over the congestion |
//! | `headroom` (h) | the peak of interactive demand | 5/4 of the fading peak less what runs of it now, at most half of all slots; divided among providers, see `headroom` |
//! | `held_back` | shares of work and of capacity | owners over their limit, see `share` |
//!
//! Each rule is monotone in what it reads and bounded, so that no single ask and no single period moves it far. The
//! congestion is the multiplicative price update of a market that clears where use meets its target; nobody is billed
//! it: providers set their prices, and λ falls with it, so that when slots are short work goes to dearer ones sooner.
//!
//! A period costs what has changed since the last one, not what there is: `supply` keeps the sums, `asks` the median,
//! `share` the order of owners.

mod asks;
mod headroom;
mod prices;
mod rules;
pub(crate) mod supply;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Bps;
use mira_core::label::Label;
use mira_core::tier::Tier;

use crate::codec::{get, get_map, put, put_map};
use crate::config::Config;
use crate::decay::Rolling;
use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::place;
use crate::place::limit::Limit;
use crate::share::Class;
use crate::state::job::Job;
use crate::state::provider::Provider;
use crate::timers::Due;

use asks::Asks;
use headroom::Headroom;
pub use prices::{MarketPrices, Prices};
use supply::Supply;

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
    supply: Supply,
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    known: BTreeMap<Class, Known>,
    armed: bool,
}

/// What is kept of one market from pass to pass.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Known {
    /// The most interactive work at a time.
    peak: Rolling,
    asks: Asks,
    headroom: Headroom,
}

impl Market {
    /// The prices and limits now.
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    /// A provider's offer, its health, what it runs or what it serves may have changed.
    pub(crate) fn provider_changed(&mut self, key: &Key) {
        self.supply.provider_changed(key);
    }

    /// A job's queue or what runs of it may have changed.
    pub(crate) fn job_changed(&mut self, key: &Key) {
        self.supply.job_changed(key);
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

/// A request came from that region, to a job of that market.
pub(crate) fn request_came(engine: &mut Engine, class: Class, origin: Label) {
    let known = engine.market.known.entry(class).or_default();
    known.headroom.came(origin, engine.now_ms, engine.config.market.peak_half_life_ms);
}

/// Slots that a provider which serves requests leaves free of other work, beside those that requests hold.
pub(crate) fn kept(market: &Market, config: &Config, provider: &Provider) -> u64 {
    let Some(offer) = &provider.offer else { return 0 };
    let slots = u16::try_from(provider.health.slots(offer.slots)).unwrap_or(u16::MAX);
    let floor = config.route.headroom_floor;
    let known = market.known.get(&(offer.resource_class, offer.unit_kind));
    let divided = known.map(|known| known.headroom.of(&provider.facts.provider, offer.region, slots, floor));
    divided.unwrap_or(u64::from(floor.min(slots)))
}

/// One period: counts what has changed, sets the prices, and says so if any changed.
pub(crate) fn recompute(engine: &mut Engine, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    weigh(engine);
    let classes: Vec<Class> = engine.market.supply.markets.keys().copied().collect();
    let mut prices = Prices::default();
    for class in &classes {
        prices.markets.extend(market(engine, class));
    }
    engine.shares.forget(&engine.config.share, now_ms);
    let Market { supply, known, .. } = &mut engine.market;
    known.retain(|class, _| supply.markets.contains_key(class));
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

/// Counts capacity and asks again of whom something changed, or whose capacity has faded.
fn weigh(engine: &mut Engine) {
    let now_ms = engine.now_ms;
    let mut owners = supply::refresh(engine);
    for (class, owner) in &owners {
        let seen = engine.market.supply.markets.get(class).and_then(|seen| seen.owners.get(owner));
        let (slots, running) = seen.map_or((0, 0), |owner| (owner.slots, owner.running));
        engine.shares.count(*class, owner, slots, running, now_ms);
    }
    owners.extend(engine.shares.fade(now_ms));
    for (class, owner) in &owners {
        let lowest = engine.index.class(class).and_then(|offers| offers.all.lowest(owner));
        let weight = engine.shares.capacity(class, owner);
        engine.market.known.entry(*class).or_default().asks.set(owner, lowest, weight);
    }
}

/// The prices of one market; nothing without capacity. Its headroom is divided.
fn market(engine: &mut Engine, class: &Class) -> Option<MarketPrices> {
    let Engine { config, market, serving, shares, now_ms, .. } = engine;
    let (policy, now_ms) = (&config.market, *now_ms);
    let seen = market.supply.markets.get(class).filter(|seen| !seen.owners.is_empty())?;
    let known = market.known.entry(*class).or_default();
    known.peak.raise(seen.interactive, now_ms, policy.peak_half_life_ms);
    let peak = known.peak.at(now_ms, policy.peak_half_life_ms);
    let headroom = rules::headroom(peak, seen.interactive_running, seen.slots);
    let origins = known.headroom.origins(now_ms, policy.peak_half_life_ms);
    let near = |region: &Label| headroom::nearness(&origins, |origin| serving.router.rtt_ms(region, origin));
    known.headroom.divide(seen, headroom, config.route.headroom_floor, near);
    let ask_median = known.asks.median()?;
    let before = market.prices.of(class).map_or(rules::ONE, |known| u64::from(known.congestion_ppm));
    let congestion = rules::congestion(before, seen.demand(), seen.slots, policy.target);
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
        headroom,
        held_back: shares.held_back(&config.share, class, now_ms),
    })
}

/// Plans again what waits because of a share: nothing else tells that one has fallen.
fn released(engine: &mut Engine, out: &mut Outcome) {
    let waits = |job: &Job| {
        job.shortage.as_ref().is_some_and(|shortage| shortage.by_limit().any(|(limit, _)| limit == Limit::NetworkShare))
    };
    let mut waiting = order::waiting(engine);
    waiting.retain(|key| engine.jobs.get(key).is_some_and(waits));
    waiting.iter().for_each(|key| place::plan::plan(engine, key, out));
}

#[cfg(test)]
mod tests;
