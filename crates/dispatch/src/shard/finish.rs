//! How an attempt ends: it wins, comes second, or its shard is handed on.

use mira_core::Key;

use crate::effect::{Effect, HandOverCause, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::input::Claim;
use crate::shard::stage;
use crate::state::hold::Holder;
use crate::state::shard::{Attempt, End};
use crate::{forget, place, proposal, serve};

/// The attempt that a claim names, if it is still its sender's.
pub(crate) fn held<'a>(engine: &'a Engine, claim: &Claim) -> Option<&'a Attempt> {
    let shard = engine.jobs.get(&claim.job)?.shard(claim.shard)?;
    let mut running = shard.running.iter();
    running.find(|attempt| {
        attempt.number == claim.attempt && attempt.lease == claim.lease && attempt.provider == claim.provider
    })
}

/// Takes an attempt off the books; what it had reserved is free again.
pub(crate) fn detach(engine: &mut Engine, job: &Key, index: u32, number: u32) -> Option<Attempt> {
    let held = engine.jobs.get_mut(job)?;
    let shard = held.shard_mut(index)?;
    let place = shard.running.iter().position(|attempt| attempt.number == number)?;
    let attempt = shard.running.remove(place);
    if shard.running.is_empty() {
        held.running.remove(&index);
    }
    if let Some(lease) = engine.leases.get_mut(&attempt.lease) {
        lease.unreserve(attempt.limit);
    }
    if let Some(provider) = engine.providers.get_mut(&attempt.provider) {
        provider.running.remove(&(*job, index, number));
        engine.serving.set_busy(&attempt.provider, provider.running.len());
        engine.market.provider_changed(&attempt.provider);
    }
    engine.market.job_changed(job);
    order::settle(engine, job, attempt.served_ms, engine.now_ms.saturating_sub(attempt.started_ms));
    Some(attempt)
}

/// Takes a shard from an attempt; unless it is done or another attempt runs, it waits before all
/// others. Returns the attempt.
pub(crate) fn hand_over(
    engine: &mut Engine,
    job: &Key,
    index: u32,
    number: u32,
    cause: HandOverCause,
    out: &mut Outcome,
) -> Option<Attempt> {
    let attempt = detach(engine, job, index, number)?;
    let now_ms = engine.now_ms;
    let held = engine.jobs.get_mut(job)?;
    let waits = held.open && held.shard(index).is_some_and(|shard| shard.is_open() && shard.running.is_empty());
    if waits {
        held.requeue(index, now_ms);
        held.tally.redispatched = held.tally.redispatched.saturating_add(1);
        held.tally.preempted = held.tally.preempted.saturating_add(u32::from(cause == HandOverCause::Preempted));
        let claim =
            Claim { provider: attempt.provider, lease: attempt.lease, job: *job, shard: index, attempt: number };
        out.push(Effect::HandOver { claim, cause });
    }
    Some(attempt)
}

/// Hands on all that a provider or a lease runs.
pub(crate) fn hand_over_all(
    engine: &mut Engine,
    provider: &Key,
    lease: Option<&Key>,
    cause: HandOverCause,
    out: &mut Outcome,
) {
    let running = engine.providers.get(provider).map(|provider| provider.running.clone()).unwrap_or_default();
    for (job, index, number) in running {
        let under = engine.jobs.get(&job).and_then(|job| job.shard(index)).is_some_and(|shard| {
            shard.running.iter().any(|held| held.number == number && lease.is_none_or(|lease| held.lease == *lease))
        });
        if under {
            hand_over(engine, &job, index, number, cause, out);
        }
    }
}

/// Ends a shard. Other attempts at it may still report but are not paid: what they had reserved is
/// free again.
pub(crate) fn end(engine: &mut Engine, job: &Key, index: u32, end: End) {
    let Some(held) = engine.jobs.get_mut(job) else { return };
    held.dequeue(index);
    engine.market.job_changed(job);
    stage::forget(held, index);
    match &end {
        End::Done { units, .. } => {
            held.tally.done = held.tally.done.saturating_add(1);
            held.tally.units = held.tally.units.saturating_add(units.get());
        }
        End::GivenUp => held.tally.failed = held.tally.failed.saturating_add(1),
    }
    let Some(shard) = held.shard_mut(index) else { return };
    shard.end = Some(end);
    for attempt in &mut shard.running {
        if let Some(lease) = engine.leases.get_mut(&attempt.lease) {
            lease.unreserve(std::mem::take(&mut attempt.limit));
        }
    }
}

/// Says so once no shard is left.
pub(crate) fn complete(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let Some(job) = engine.jobs.get_mut(key).filter(|job| job.is_complete()) else { return };
    job.ended_ms = Some(now_ms);
    out.push(Effect::JobComplete { job: *key, failed: job.tally.failed });
    let needs = job.terms.service.needs.clone();
    order::note(engine, key, None);
    retire(engine, key);
    place::typical::learn(engine, &needs);
    order::track(engine, key);
    proposal::withdraw_all(engine, key, out);
}

/// Takes a job's leases off its providers' books. They may stay open on chain for a while, but no work is looked for
/// under them any more.
fn retire(engine: &mut Engine, key: &Key) {
    let Some(job) = engine.jobs.get(key) else { return };
    for lease in &job.leases {
        let provider = engine.leases.get(lease).map(|lease| lease.provider);
        if let Some(provider) = provider.and_then(|provider| engine.providers.get_mut(&provider)) {
            provider.leases.remove(lease);
            provider.holds.release(Holder::Lease(*lease));
            engine.fair.lines.close(&provider.facts.provider, &job.terms.requester, lease);
        }
    }
}

/// Ends a job: nothing of it runs or waits any more.
pub(crate) fn end_job(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let Some(job) = engine.jobs.get_mut(key).filter(|job| job.open) else { return };
    job.open = false;
    job.queue.clear();
    job.near.clear();
    engine.market.job_changed(key);
    let running: Vec<(u32, u32)> = job
        .running
        .iter()
        .filter_map(|index| job.shard(*index).map(|shard| (index, shard)))
        .flat_map(|(index, shard)| shard.running.iter().map(|attempt| (*index, attempt.number)))
        .collect();
    let needs = job.terms.service.needs.clone();
    order::note(engine, key, None);
    for (index, number) in running {
        detach(engine, key, index, number);
    }
    retire(engine, key);
    place::typical::learn(engine, &needs);
    order::track(engine, key);
    proposal::withdraw_all(engine, key, out);
    serve::end_job(engine, key);
    forget::arm(engine, key);
    out.push(Effect::JobEnded { job: *key });
}
