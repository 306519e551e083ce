//! Takes a provider out of service at once: its shards are handed on, its proposals withdrawn, and
//! what its leases can no longer do is placed again.

use std::collections::BTreeSet;

use mira_core::Key;

use crate::effect::{Effect, HandOverCause, Outcome};
use crate::engine::Engine;
use crate::health::Cause;
use crate::shard::finish::hand_over_all;
use crate::{place, proposal, serve};

pub(crate) fn suspend(engine: &mut Engine, key: &Key, cause: Cause, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let Some(provider) = engine.providers.get_mut(key).filter(|provider| provider.health.takes_work()) else { return };
    provider.health.suspend(now_ms, &engine.config);
    engine.market.provider_changed(key);
    out.push(Effect::Suspend { provider: *key, cause });
    let proposals: Vec<(Key, u64)> = provider.proposals.iter().copied().collect();
    let leases: Vec<Key> = provider.leases.iter().copied().collect();
    serve::sync_provider(engine, key);
    hand_over_all(engine, key, None, HandOverCause::Suspended, out);
    for (job, id) in &proposals {
        proposal::withdraw(engine, job, *id, out);
    }
    let leased = leases.iter().filter_map(|lease| engine.leases.get(lease)).map(|lease| lease.job);
    let jobs: BTreeSet<Key> = leased.chain(proposals.iter().map(|(job, _)| *job)).collect();
    for job in jobs {
        place::plan::plan(engine, &job, out);
    }
}
