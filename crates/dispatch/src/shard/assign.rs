//! Hands a shard out: a new attempt, its units reserved from the lease, its time limited.

use crate::effect::{Assignment, Effect, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::input::Claim;
use crate::shard::pick::Pick;
use crate::state::shard::Attempt;
use crate::timers::Due;

/// Carries out a pick that was just made.
pub(crate) fn assign(engine: &mut Engine, pick: &Pick, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let served_ms = if pick.gang { 0 } else { order::serve(engine, &pick.job) };
    let Some(job) = engine.jobs.get_mut(&pick.job) else { return };
    let Some(lease) = engine.leases.get_mut(&pick.lease) else { return };
    let Some(provider) = engine.providers.get_mut(&lease.provider) else { return };
    let (time_limit_ms, memory_limit_bytes, module) =
        (job.terms.time_limit_ms, job.terms.memory_limit_bytes, job.module(pick.shard));
    let Some(input) = job.input(pick.shard) else { return };
    if !pick.duplicate {
        job.dequeue(pick.shard);
    }
    job.running.insert(pick.shard);
    if job.started_ms.is_none() {
        job.started_ms = Some(now_ms);
        engine.history.started(job.terms.tier, now_ms.saturating_sub(job.asked_ms));
    }
    let Some(shard) = job.shard_mut(pick.shard) else { return };
    shard.attempts = shard.attempts.saturating_add(1);
    let expires_at_ms = now_ms.saturating_add(time_limit_ms).saturating_add(engine.config.result_grace_ms);
    shard.running.push(Attempt {
        number: shard.attempts,
        lease: pick.lease,
        provider: lease.provider,
        started_ms: now_ms,
        expires_at_ms,
        limit: pick.limit,
        served_ms,
    });
    lease.reserve(pick.limit);
    provider.running.insert((pick.job, pick.shard, shard.attempts));
    let busy = provider.running.len();
    engine.serving.set_busy(&lease.provider, busy);
    engine.market.provider_changed(&lease.provider);
    engine.market.job_changed(&pick.job);
    engine.timers.set(expires_at_ms, Due::Attempt { job: pick.job, shard: pick.shard, attempt: shard.attempts });
    out.push(Effect::Assign(Assignment {
        claim: Claim {
            provider: lease.provider,
            lease: pick.lease,
            job: pick.job,
            shard: pick.shard,
            attempt: shard.attempts,
        },
        duplicate: pick.duplicate,
        expires_at_ms,
        units_limit: pick.limit,
        module,
        input,
        memory_limit_bytes,
        time_limit_ms,
    }));
}
