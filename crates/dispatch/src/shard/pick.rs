//! Which shard a pull gets. A gang's members come first, because they hold a slot of their own. Then it
//! is the next in the queue of the most urgent job of the requester whose turn it is, whose lease has
//! room; with an empty queue, a second attempt at a late shard of the tail.

use mira_core::Key;
use mira_core::amount::Units;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::fair::order;
use crate::gang::floor::member_lease;
use crate::gang::rank;
use crate::gang::slots::{Room, room};
use crate::input::Pull;
use crate::serve;
use crate::shard::stage;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::state::provider::Provider;
use crate::state::shard::Shard;

/// A late shard is one that has run for this many times the job's average.
const LATE_FACTOR: u64 = 2;

/// What a pull would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) lease: Key,
    pub(crate) job: Key,
    pub(crate) shard: u32,
    pub(crate) duplicate: bool,
    /// Whether it is a gang's: its requester was served when the gang was let in.
    pub(crate) gang: bool,
    pub(crate) limit: Units,
}

/// Decides without changing anything.
pub(crate) fn pick(engine: &Engine, pull: &Pull, now_ms: u64) -> Option<Pick> {
    let provider = engine.providers.get(&pull.provider)?;
    // What falls due before the pull counts as due: a provider that was silent for too long gets
    // nothing, although nobody has said so yet.
    if provider.free_slots() == 0 || provider.health.silent_at_ms(&engine.config) < now_ms {
        return None;
    }
    let of_gang = gangs(engine, pull, provider, now_ms);
    if of_gang.is_some() {
        return of_gang;
    }
    let room = room(engine, provider, now_ms);
    if room == Room::Full || !serve::has_batch_slot(engine, provider) {
        return None;
    }
    // Requesters in turn, and of each the most urgent job: only the leases of those that are come to are looked at.
    let lines = engine.fair.lines.at(&pull.provider);
    let mut turns: Vec<_> =
        lines.map(|(requester, leases)| (engine.fair.shards.turn(requester), requester, leases)).collect();
    turns.sort_unstable();
    turns.into_iter().find_map(|(_, _, leases)| {
        let mut offers: Vec<Offer<'_>> = leases.iter().filter_map(|key| offer(engine, pull, key, now_ms)).collect();
        offers.sort_by_cached_key(|(key, lease, job)| (order::slack_ms(job, now_ms), lease.job, **key));
        offers.into_iter().find_map(|offer| shard(engine, offer, provider, &room, now_ms))
    })
}

/// A lease that a pull may be answered under, and its job.
type Offer<'a> = (&'a Key, &'a Lease, &'a Job);

fn offer<'a>(engine: &'a Engine, pull: &Pull, key: &'a Key, now_ms: u64) -> Option<Offer<'a>> {
    let lease = engine.leases.get(key).filter(|_| pull.leases.is_empty() || pull.leases.contains(key))?;
    let job = engine.jobs.get(&lease.job)?;
    let fits = lease.open && job.open && lease.outlasts(now_ms, job.terms.time_limit_ms);
    fits.then_some((key, lease, job))
}

/// The shard of a job that belongs to no gang.
fn shard(engine: &Engine, (key, lease, job): Offer<'_>, provider: &Provider, room: &Room, now_ms: u64) -> Option<Pick> {
    if job.terms.tier == Tier::Training || !room.admits(job, now_ms, engine.config.result_grace_ms) {
        return None;
    }
    let limit = limit(lease, job)?;
    let queued = queued(engine, job, provider, now_ms).map(|shard| (shard, false));
    let (shard, duplicate) = queued.or_else(|| late(engine, job, provider, now_ms).map(|shard| (shard, true)))?;
    Some(Pick { lease: *key, job: lease.job, shard, duplicate, gang: false, limit })
}

/// The shard of a gang of which this provider is a member: nobody is without having claimed a slot.
fn gangs(engine: &Engine, pull: &Pull, provider: &Provider, now_ms: u64) -> Option<Pick> {
    engine.gangs.on(&pull.provider).next()?;
    let offers = provider.leases.iter().filter_map(|key| offer(engine, pull, key, now_ms));
    let mut offers = offers.filter(|(_, _, job)| job.terms.tier == Tier::Training);
    offers.find_map(|offer| member(engine, offer, provider, now_ms))
}

/// The shard of a gang that runs here.
fn member(engine: &Engine, (key, lease, job): Offer<'_>, provider: &Provider, now_ms: u64) -> Option<Pick> {
    let own = &provider.facts.provider;
    let shard = rank::next(engine, &lease.job, job, own, now_ms)?;
    let (under, _) = member_lease(engine, job, own, true, now_ms)?;
    let limit = limit(lease, job).filter(|_| under == key)?;
    Some(Pick { lease: *key, job: lease.job, shard, duplicate: false, gang: true, limit })
}

/// What an attempt under this lease may use: the job's limit, or what is left of the cap if that
/// still pays for a shard. All of it is reserved, so that the cap holds whatever comes back.
fn limit(lease: &Lease, job: &Job) -> Option<Units> {
    let limit = lease.room().min(job.terms.max_units);
    (limit >= job.expected_units()).then_some(limit)
}

/// The next shard in the queue, before all others one whose input lies here; but not one that this owner
/// has just failed, because another may do better, and not one that is kept for somebody else.
fn queued(engine: &Engine, job: &Job, provider: &Provider, now_ms: u64) -> Option<u32> {
    let owner = &provider.facts.owner;
    let may = |index: u32, shard: &Shard| {
        let waited = now_ms.saturating_sub(shard.queued_at_ms) >= engine.config.retry_own_after_ms;
        (waited || !shard.failed_by(owner)) && stage::may_go(engine, job, index, provider, now_ms)
    };
    let near = stage::near(engine, job, &provider.facts.provider, may);
    near.or_else(|| job.queue.iter().copied().find(|index| job.shard(*index).is_some_and(|shard| may(*index, shard))))
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
