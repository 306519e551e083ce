//! Pipelines: a shard of a later stage is queued as soon as its input exists, and goes to whoever holds that
//! input. For a short time it is kept for them (delay scheduling): a slot of theirs is mostly free before
//! the input would have moved. Who is near waits half as long as who is far, and nobody longer than
//! `Config::locality_wait_ms`.

use mira_core::Key;

use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::shard::finish::end;
use crate::state::job::Job;
use crate::state::provider::Provider;
use crate::state::shard::{End, Shard};

/// Queues the shard that waited for this one's output.
pub(crate) fn release(engine: &mut Engine, key: &Key, index: u32) {
    let now_ms = engine.now_ms;
    let Some(job) = engine.jobs.get_mut(key).filter(|job| job.open) else { return };
    let Some(next) = job.next(index) else { return };
    let Some((producer, _)) = job.producer(next) else { return };
    let Some(shard) = job.shard_mut(next).filter(|shard| shard.is_open()) else { return };
    shard.queued_at_ms = now_ms;
    // Behind all others: of the shards in the queue that are kept for somebody, the first ones are so the shortest.
    job.queue.push_back(next);
    job.near.entry(producer).or_default().insert(next);
    engine.market.job_changed(key);
}

/// Gives up what waited for this one's output, stage after stage: it will never have an input.
pub(crate) fn give_up(engine: &mut Engine, key: &Key, index: u32, out: &mut Outcome) {
    let Some(job) = engine.jobs.get(key) else { return };
    let (stage, place) = (job.stage(index), index.checked_rem(job.width()).unwrap_or(0));
    let note = format!("stage {stage} of input {place} was given up, so this one has no input");
    let mut waits = job.next(index);
    while let Some(next) = waits {
        let Some(shard) = engine.jobs.get_mut(key).and_then(|job| job.shard_mut(next)) else { return };
        shard.note = Some(note.clone());
        end(engine, key, next, End::GivenUp);
        out.push(Effect::GivenUp { job: *key, shard: next });
        waits = engine.jobs.get(key).and_then(|job| job.next(next));
    }
}

/// Notes that a shard has ended: nobody is nearer to it than others any more.
pub(crate) fn forget(job: &mut Job, index: u32) {
    let Some((producer, _)) = job.producer(index) else { return };
    if let Some(near) = job.near.get_mut(&producer) {
        near.remove(&index);
        if near.is_empty() {
            job.near.remove(&producer);
        }
    }
}

/// The first queued shard whose input this provider produced, of those that may go to it. Without a locality
/// wait nobody is preferred.
pub(crate) fn near(engine: &Engine, job: &Job, provider: &Key, may: impl Fn(u32, &Shard) -> bool) -> Option<u32> {
    let near = job.near.get(provider).filter(|_| engine.config.locality_wait_ms > 0)?;
    near.iter().copied().find(|index| {
        job.shard(*index).is_some_and(|shard| shard.is_open() && shard.running.is_empty() && may(*index, shard))
    })
}

/// Whether a queued shard may go to this provider now, or is still kept for somebody who holds its input.
pub(crate) fn may_go(engine: &Engine, job: &Job, index: u32, provider: &Provider, now_ms: u64) -> bool {
    let Some((producer, lease)) = job.producer(index) else { return true };
    let Some(shard) = job.shard(index) else { return false };
    let waited_ms = now_ms.saturating_sub(shard.queued_at_ms);
    let all_ms = engine.config.locality_wait_ms;
    // One that was handed on has waited before.
    if waited_ms >= all_ms || shard.attempts > 0 || provider.facts.provider == producer {
        return true;
    }
    if job.input(index).is_some_and(|input| provider.cached.contains(&input)) || !can_serve(engine, job, &lease) {
        return true;
    }
    let region = |provider: &Provider| provider.offer.as_ref().map(|offer| offer.region);
    let same = engine.providers.get(&producer).is_some_and(|producer| region(producer) == region(provider));
    same && waited_ms >= all_ms / 2
}

/// Whether work may still run under a lease and is covered by it.
fn can_serve(engine: &Engine, job: &Job, lease: &Key) -> bool {
    engine.leases.get(lease).is_some_and(|lease| engine.is_live(lease) && lease.room() >= job.expected_units())
}

#[cfg(test)]
mod tests;
