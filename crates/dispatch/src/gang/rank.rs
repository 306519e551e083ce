//! Which shard a member gets: step by step, and in each step the one of its rank.
//!
//! Shard `i` belongs to step `i / size` and rank `i % size`. A step begins when the one before has
//! ended everywhere.

use mira_core::Key;

use crate::engine::Engine;
use crate::gang::advance::Standing;
use crate::gang::book::Gang;
use crate::gang::floor::standing;
use crate::state::job::Job;

/// The index of a rank's shard in a step.
fn index(gang: &Gang, rank: usize, step: u32) -> Option<u32> {
    let rank = u32::try_from(rank).ok()?;
    step.checked_mul(u32::from(gang.size))?.checked_add(rank)
}

/// The shard that a provider may run for a gang now: only while the gang runs and every member stands.
pub(crate) fn next(engine: &Engine, key: &Key, job: &Job, provider: &Key, now_ms: u64) -> Option<u32> {
    let gang = engine.gangs.get(key).filter(|gang| gang.is_running())?;
    let rank = gang.members().iter().position(|member| member.provider == *provider)?;
    let next = index(gang, rank, gang.step)?;
    let waits = job.shard(next).is_some_and(|shard| shard.is_open() && shard.running.is_empty());
    let mut ranks = gang.members().iter().enumerate();
    let stands = |(rank, member)| standing(engine, &engine.gangs, key, rank, member, now_ms) == Standing::Open;
    (waits && ranks.all(stands)).then_some(next)
}

/// Whether a rank has shards left.
pub(crate) fn has_left(gang: &Gang, job: &Job, rank: usize) -> bool {
    let now = index(gang, rank, gang.step).and_then(|index| job.shard(index));
    let later = index(gang, rank, gang.step.saturating_add(1)).and_then(|index| job.shard(index));
    now.is_some_and(|shard| shard.is_open()) || later.is_some()
}

/// The first step that has not ended everywhere, from this one on.
pub(crate) fn step(gang: &Gang, job: &Job) -> u32 {
    let size = usize::from(gang.size.max(1));
    let mut step = gang.step;
    let ended = |step: u32| {
        let from = usize::try_from(step).ok()?.checked_mul(size)?;
        let shards = job.shards.get(from..from.saturating_add(size).min(job.shards.len()))?;
        (!shards.is_empty()).then(|| shards.iter().all(|shard| !shard.is_open()))
    };
    while ended(step) == Some(true) {
        step = step.saturating_add(1);
    }
    step
}
