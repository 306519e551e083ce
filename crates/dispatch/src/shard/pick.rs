//! Which shard a pull gets: the next in the queue of the most urgent job whose lease has room; with
//! an empty queue, a second attempt at a late shard of the tail.

use mira_core::Key;
use mira_core::amount::Units;

use crate::engine::Engine;
use crate::input::Pull;
use crate::serve;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::state::provider::Provider;

/// A late shard is one that has run for this many times the job's average.
const LATE_FACTOR: u64 = 2;

/// What a pull would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) lease: Key,
    pub(crate) job: Key,
    pub(crate) shard: u32,
    pub(crate) duplicate: bool,
    pub(crate) limit: Units,
}

/// Decides without changing anything.
pub(crate) fn pick(engine: &Engine, pull: &Pull, now_ms: u64) -> Option<Pick> {
    let provider = engine.providers.get(&pull.provider)?;
    // What falls due before the pull counts as due: a provider that was silent for too long gets
    // nothing, although nobody has said so yet.
    if provider.free_slots() == 0
        || !serve::has_batch_slot(engine, provider)
        || provider.health.silent_at_ms(&engine.config) < now_ms
    {
        return None;
    }
    let wanted = |key: &Key| pull.leases.is_empty() || pull.leases.contains(key);
    let leases = provider.leases.iter().filter(|key| wanted(key));
    let mut open: Vec<(&Key, &Lease, &Job)> = leases
        .filter_map(|key| {
            let lease = engine.leases.get(key)?;
            let job = engine.jobs.get(&lease.job)?;
            let fits = lease.open && job.open && lease.outlasts(now_ms, job.terms.time_limit_ms);
            fits.then_some((key, lease, job))
        })
        .collect();
    open.sort_by_key(|(key, lease, job)| (job.terms.deadline, lease.job, **key));
    open.into_iter().find_map(|(key, lease, job)| {
        let limit = limit(lease, job)?;
        let queued = queued(engine, job, provider, now_ms).map(|shard| (shard, false));
        let (shard, duplicate) = queued.or_else(|| late(engine, job, provider, now_ms).map(|shard| (shard, true)))?;
        Some(Pick { lease: *key, job: lease.job, shard, duplicate, limit })
    })
}

/// What an attempt under this lease may use: the job's limit, or what is left of the cap if that
/// still pays for a shard. All of it is reserved, so that the cap holds whatever comes back.
fn limit(lease: &Lease, job: &Job) -> Option<Units> {
    let limit = lease.room().min(job.terms.max_units);
    (limit >= job.expected_units()).then_some(limit)
}

/// The next shard in the queue, but not one that this owner has just failed: another may do better.
fn queued(engine: &Engine, job: &Job, provider: &Provider, now_ms: u64) -> Option<u32> {
    let owner = &provider.facts.owner;
    job.queue.iter().copied().find(|index| {
        job.shard(*index).is_some_and(|shard| {
            let waited = now_ms.saturating_sub(shard.queued_at_ms) >= engine.config.retry_own_after_ms;
            waited || !shard.failed_by(owner)
        })
    })
}

/// The shard of the tail that has run longest, by one attempt of another owner, and is late.
fn late(engine: &Engine, job: &Job, provider: &Provider, now_ms: u64) -> Option<u32> {
    let tail = u64::from(job.total()).saturating_mul(u64::from(engine.config.tail.get())).div_ceil(10_000);
    if u64::from(job.remaining()) > tail {
        return None;
    }
    let late_ms = job.pace_ms()?.saturating_mul(LATE_FACTOR).max(1);
    let owner = &provider.facts.owner;
    let candidates = job.running.iter().filter_map(|index| {
        let shard = job.shard(*index).filter(|shard| shard.is_open() && !shard.failed_by(owner))?;
        let [attempt] = shard.running.as_slice() else { return None };
        let other = engine.providers.get(&attempt.provider).is_none_or(|runner| runner.facts.owner != *owner);
        let late = now_ms.saturating_sub(attempt.started_ms) >= late_ms;
        (other && late).then_some((attempt.started_ms, *index))
    });
    candidates.min().map(|(_, index)| index)
}

#[cfg(test)]
mod tests;
