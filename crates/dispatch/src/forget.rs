//! Forgets jobs that are past, so that what an engine holds is bounded by what is under way and what ended lately.
//!
//! A job is past once it ended, or once it is complete and its deadline has come. Before that it may be placed again,
//! and nothing but the memory of its results keeps its shards from running again. It stays known for
//! `Config::forget_after_ms`, so that late reports are answered and its results can be read.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::engine::Engine;
use crate::on::place::ends_ms;
use crate::state::job::Job;
use crate::timers::Due;

/// What jobs that are forgotten came to.
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Forgotten {
    /// Their shards with a result.
    pub(crate) shards_done: u64,
    /// Their shards taken from one attempt for another.
    pub(crate) redispatched: u64,
}

/// A job is past: it is forgotten after a while.
pub(crate) fn arm(engine: &mut Engine, key: &Key) {
    let at_ms = engine.now_ms.saturating_add(engine.config.forget_after_ms.max(1));
    engine.timers.set(at_ms, Due::Forget(*key));
}

/// The while is over: forgets the job with all that is known of it, unless its deadline was put off meanwhile. One of
/// which something still runs is looked at again later.
pub(crate) fn due(engine: &mut Engine, key: &Key) {
    let Some(job) = engine.jobs.get(key).filter(|job| is_past(engine, job)) else { return };
    if is_under_way(engine, job) {
        return arm(engine, key);
    }
    let Some(job) = engine.jobs.remove(key) else { return };
    engine.forgotten.shards_done = engine.forgotten.shards_done.saturating_add(u64::from(job.tally.done));
    engine.forgotten.redispatched = engine.forgotten.redispatched.saturating_add(u64::from(job.tally.redispatched));
    engine.counters.leave(&job.terms.spec_hash);
    // Timers that would find nothing; all others of it are over.
    if let Some(at_ms) = ends_ms(job.terms.deadline) {
        engine.timers.clear(at_ms, Due::Deadline(*key));
    }
    for lease in &job.leases {
        if let Some(held) = engine.leases.remove(lease) {
            let at_ms = held.last_start_ms(job.terms.time_limit_ms).saturating_add(1);
            engine.timers.clear(at_ms, Due::Target(*lease));
        }
    }
}

/// Whether a job can never take work again.
fn is_past(engine: &Engine, job: &Job) -> bool {
    let passed = ends_ms(job.terms.deadline).is_some_and(|ends_ms| ends_ms <= engine.now_ms);
    !job.open || (job.is_complete() && passed)
}

/// Whether an attempt, a request, a proposal or a gang of it is not over.
fn is_under_way(engine: &Engine, job: &Job) -> bool {
    let mut leases = job.leases.iter().filter_map(|key| engine.leases.get(key));
    !job.running.is_empty()
        || !job.proposals.is_empty()
        || engine.gangs.get(&job.terms.job).is_some()
        || leases.any(|lease| !lease.reserved.is_zero())
}

#[cfg(test)]
mod tests;
