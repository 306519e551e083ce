//! Interactive jobs: their open leases are the router's targets, and their escrow covers every attempt
//! before it is sent.
//!
//! The router decides; here it is kept in step with leases, health and offers, one lease at a time.

pub(crate) mod plan;
pub(crate) mod reserve;

#[cfg(test)]
mod properties;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::label::Label;
use mira_core::tier::Tier;

use crate::codec::{get, put};
use crate::config::Config;
use crate::effect::Outcome;
use crate::engine::Engine;
use crate::market;
use crate::place;
use crate::route::{Change, PoolId, RouteId, Router, Target, TargetId};
use crate::serve::reserve::Held;
use crate::state::provider::Provider;
use crate::timers::Due;

/// What is known of requests.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Serving {
    pub(crate) router: Router,
    pools: BTreeMap<Key, PoolOf>,
    targets: BTreeMap<Key, Placed>,
    /// Owners, numbered in the order in which they were seen.
    owners: BTreeMap<Key, u32>,
    pub(crate) held: BTreeMap<RouteId, Held>,
}

/// A job's pool.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
struct PoolOf {
    pool: PoolId,
    /// Requests so far: the counter of the draws.
    requests: u64,
}

/// A lease's target, with what the router cannot change of it.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
struct Placed {
    target: TargetId,
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    region: Label,
}

impl Serving {
    /// Settings from now on; the first ones also give the seed.
    pub(crate) fn start(&mut self, config: &Config) {
        if self.pools.is_empty() && self.router.regions() == 0 {
            self.router = Router::new(config.route.clone(), config.seed);
        } else {
            self.router.set_config(config.route.clone());
        }
    }

    /// A job's pool and the number of its next request.
    pub(crate) fn next_request(&mut self, job: &Key) -> Option<(PoolId, u64)> {
        let held = self.pools.get_mut(job)?;
        let number = held.requests;
        held.requests += 1;
        Some((held.pool, number))
    }

    /// What a provider runs besides requests.
    pub(crate) fn set_busy(&mut self, provider: &Key, shards: usize) {
        self.router.set_busy(provider, u16::try_from(shards).unwrap_or(u16::MAX));
    }

    fn pool(&mut self, job: &Key) -> PoolId {
        let router = &mut self.router;
        self.pools.entry(*job).or_insert_with(|| PoolOf { pool: router.pool(job), requests: 0 }).pool
    }

    fn owner(&mut self, owner: &Key) -> u32 {
        let next = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        *self.owners.entry(*owner).or_insert(next)
    }
}

/// Makes a lease's target what the lease is now: new, changed or gone.
pub(crate) fn sync(engine: &mut Engine, key: &Key) {
    let Some(lease) = engine.leases.get(key) else { return };
    let Some(job) = engine.jobs.get(&lease.job) else { return };
    engine.market.provider_changed(&lease.provider);
    let provider =
        engine.providers.get(&lease.provider).and_then(|provider| Some((provider, provider.offer.as_ref()?)));
    let reliability_ppm = reliability_ppm(engine, &lease.provider);
    let serving = &mut engine.serving;
    let wanted = job.terms.tier == Tier::Interactive && job.open && lease.open;
    let Some((provider, offer)) = provider.filter(|_| wanted) else {
        if let Some(placed) = serving.targets.remove(key) {
            serving.router.remove(placed.target);
        }
        return;
    };
    if let Some(moved) = serving.targets.get(key).copied().filter(|placed| placed.region != offer.region) {
        serving.router.remove(moved.target);
        serving.targets.remove(key);
    }
    let capacity = u16::try_from(provider.health.slots(offer.slots)).unwrap_or(u16::MAX);
    let room_units = lease.room().get();
    let target = if let Some(placed) = serving.targets.get(key) {
        let (capacity, room_units) = (Some(capacity), Some(room_units));
        let reliability_ppm = Some(reliability_ppm);
        serving.router.update(placed.target, Change { capacity, room_units, reliability_ppm, ..Change::default() });
        placed.target
    } else {
        let (pool, owner) = (serving.pool(&lease.job), serving.owner(&lease.owner));
        let region = serving.router.region(offer.region);
        let unit_price = lease.unit_price.get();
        let (provider, lease) = (lease.provider, *key);
        let warm = true;
        let target = Target { provider, lease, owner, region, capacity, unit_price, room_units, reliability_ppm, warm };
        let Some(target) = serving.router.add(pool, target) else { return };
        serving.targets.insert(lease, Placed { target, region: offer.region });
        target
    };
    let live = provider.health.takes_work() && lease.outlasts(engine.now_ms, job.terms.time_limit_ms);
    serving.router.set_available(target, live);
    serving.set_busy(&lease.provider, provider.running.len());
    if live {
        engine.timers.set(lease.last_start_ms(job.terms.time_limit_ms).saturating_add(1), Due::Target(*key));
    }
}

/// How far a provider is trusted with requests, in millionths: half at least, because its lease is there already, and the
/// rest by what audits are sure of.
fn reliability_ppm(engine: &Engine, provider: &Key) -> u32 {
    500_000 + engine.reputation.lower_ppm(&engine.config.reputation, provider, engine.now_ms) / 2
}

/// Puts the market's λ in force for a job's next decision.
pub(crate) fn price(engine: &mut Engine, job: &Key) {
    let Some(terms) = engine.jobs.get(job).map(|job| &job.terms) else { return };
    let market = engine.market.prices().of(&(terms.resource_class, terms.unit_kind));
    let price = market.map_or(0, |market| market.latency_price[usize::from(Tier::Interactive.as_u8())]);
    engine.serving.router.set_price_weight(price);
}

/// A lease is too short for one more request: another one is wanted.
pub(crate) fn lapse(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    sync(engine, key);
    let Some(job) = engine.leases.get(key).map(|lease| lease.job) else { return };
    place::plan::plan(engine, &job, out);
}

/// The same for all leases of a provider: its offer or its health changed.
pub(crate) fn sync_provider(engine: &mut Engine, key: &Key) {
    let Some(provider) = engine.providers.get(key) else { return };
    let leases: Vec<Key> = provider.leases.iter().copied().collect();
    leases.iter().for_each(|lease| sync(engine, lease));
}

/// What an attempt took from a lease or gave back.
pub(crate) fn sync_room(engine: &mut Engine, key: &Key) {
    let Some(lease) = engine.leases.get(key) else { return };
    let Some(placed) = engine.serving.targets.get(key) else { return };
    let room_units = Some(lease.room().get());
    engine.serving.router.update(placed.target, Change { room_units, ..Change::default() });
}

/// A job ended: nothing more is routed to its leases.
pub(crate) fn end_job(engine: &mut Engine, job: &Key) {
    let Some(held) = engine.serving.pools.remove(job) else { return };
    engine.serving.router.remove_pool(held.pool);
    let leases = engine.jobs.get(job).map(|job| job.leases.as_slice()).unwrap_or_default();
    for lease in leases {
        engine.serving.targets.remove(lease);
        let provider = engine.leases.get(lease).map(|lease| lease.provider);
        provider.into_iter().for_each(|provider| engine.market.provider_changed(&provider));
    }
}

/// Whether a provider may take a shard besides its requests: those hold slots, and its last ones are kept
/// for more of them while it has a lease for any.
pub(crate) fn has_batch_slot(engine: &Engine, provider: &Provider) -> bool {
    provider.free_slots() > taken(engine, provider)
}

/// Slots that a provider's requests hold, and those that are kept for more of them.
pub(crate) fn taken(engine: &Engine, provider: &Provider) -> usize {
    let Some(routed) = routed(engine, provider) else { return 0 };
    let kept = market::kept(&engine.market, &engine.config, provider);
    routed.saturating_add(usize::try_from(kept).unwrap_or(usize::MAX))
}

/// Requests that a provider serves now; nothing if it has no lease of an interactive job.
pub(crate) fn routed(engine: &Engine, provider: &Provider) -> Option<usize> {
    engine.serving.router.routed(&provider.facts.provider).map(usize::from)
}
