//! What has fallen due: silence, late attempts, proposals left lying, deadlines. Runs before every
//! input, so that no input sees a state that time has already overtaken.

use mira_core::Key;

use crate::effect::{HandOverCause, Outcome};
use crate::engine::Engine;
use crate::health::Cause;
use crate::shard::finish::{detach, end_job, hand_over};
use crate::suspend::suspend;
use crate::timers::Due;
use crate::{forget, market, place, proposal, serve};

/// Assignments in a row that a provider may let expire before it is suspended.
const EXPIRED_LIMIT: u32 = 2;

pub(crate) fn apply(engine: &mut Engine, out: &mut Outcome) {
    while let Some(due) = engine.timers.pop(engine.now_ms) {
        match due {
            Due::Beat(provider) => beat(engine, &provider, out),
            Due::Attempt { job, shard, attempt } => late(engine, &job, shard, attempt, out),
            Due::Proposal { job, id } => proposal::expire(engine, &job, id, out),
            Due::Deadline(job) => deadline(engine, &job, out),
            Due::Target(lease) => serve::lapse(engine, &lease, out),
            Due::Route(route) => serve::reserve::expire(engine, route, out),
            Due::Market => market::recompute(engine, out),
            // Gangs are looked at after every input.
            Due::Gang(_) => engine.gangs.changed = true,
            Due::Forget(job) => forget::due(engine, &job),
        }
    }
}

/// Suspends a provider that was silent for too long, or looks again when it may be.
fn beat(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let Some(provider) = engine.providers.get(key) else { return };
    if !provider.health.takes_work() {
        // Its next heartbeat sets the timer again.
        return;
    }
    let silent_ms = provider.health.silent_at_ms(&engine.config);
    if silent_ms < engine.now_ms {
        suspend(engine, key, Cause::Silent, out);
    } else {
        engine.timers.set(silent_ms.saturating_add(1), Due::Beat(*key));
    }
}

/// Hands on a shard whose attempt took too long.
fn late(engine: &mut Engine, key: &Key, index: u32, number: u32, out: &mut Outcome) {
    let Some(shard) = engine.jobs.get(key).and_then(|job| job.shard(index)) else { return };
    let Some(attempt) = shard.running.iter().find(|attempt| attempt.number == number) else { return };
    if attempt.expires_at_ms > engine.now_ms {
        return;
    }
    if !shard.is_open() {
        // It came second and never said so: nobody waits for it.
        detach(engine, key, index, number);
        return;
    }
    let Some(attempt) = hand_over(engine, key, index, number, HandOverCause::Expired, out) else { return };
    let Some(provider) = engine.providers.get_mut(&attempt.provider) else { return };
    provider.health.expired_in_row = provider.health.expired_in_row.saturating_add(1);
    if provider.health.expired_in_row >= EXPIRED_LIMIT {
        suspend(engine, &attempt.provider, Cause::Expired, out);
    } else {
        place::plan::plan(engine, key, out);
    }
}

fn deadline(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let Some(job) = engine.jobs.get(key) else { return };
    let now_secs = i64::try_from(engine.now_ms / 1_000).unwrap_or(i64::MAX);
    if job.terms.deadline > now_secs {
        return;
    }
    if job.is_complete() {
        forget::arm(engine, key);
    } else {
        end_job(engine, key, out);
    }
}

#[cfg(test)]
mod tests;
