//! What gangs leave of a provider's slots, and to whom reserved ones are lent.

use mira_core::Key;

use crate::effect::{HandOverCause, Outcome};
use crate::engine::Engine;
use crate::gang::advance::Standing;
use crate::gang::book::{Book, State};
use crate::gang::floor::standing;
use crate::shard::finish::hand_over;
use crate::state::job::Job;
use crate::state::provider::Provider;

/// A slot for a shard that belongs to no gang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// There is none.
    Full,
    /// Only one that a gang has reserved.
    Lent {
        /// When it may have to be free. Unix milliseconds; nothing if that may be at any time.
        until_ms: Option<u64>,
    },
    /// One that nobody has reserved.
    Free,
}

impl Room {
    /// Whether a shard of this job may have it: any shard if it is free; a lent one only if the shard
    /// may be stopped, or is over in time however it goes.
    pub fn admits(self, job: &Job, now_ms: u64, grace_ms: u64) -> bool {
        match self {
            Room::Full => false,
            Room::Free => true,
            Room::Lent { until_ms } => {
                let ends_ms = now_ms.saturating_add(job.terms.time_limit_ms).saturating_add(grace_ms);
                job.terms.service.preemptible || until_ms.is_some_and(|until_ms| ends_ms <= until_ms)
            }
        }
    }
}

/// Slots that a provider has at all now.
pub(crate) fn capacity(provider: &Provider) -> usize {
    provider.offer.as_ref().map_or(0, |offer| provider.health.slots(offer.slots))
}

/// Gangs that claim a slot of a provider, and those of them that run.
pub(crate) fn gangs(book: &Book, provider: &Key) -> (usize, usize) {
    book.on(provider).fold((0, 0), |(all, running), (_, gang)| (all + 1, running + usize::from(gang.is_running())))
}

/// What a provider has for a shard that belongs to no gang.
pub(crate) fn room(engine: &Engine, provider: &Provider, now_ms: u64) -> Room {
    let key = &provider.facts.provider;
    let (claimed, started) = gangs(&engine.gangs, key);
    if claimed == 0 {
        return if provider.free_slots() > 0 { Room::Free } else { Room::Full };
    }
    let (capacity, others) = (capacity(provider), others(&engine.gangs, key, provider));
    if others + claimed < capacity {
        Room::Free
    } else if others + started < capacity {
        Room::Lent { until_ms: lent_until(engine, key, now_ms) }
    } else {
        Room::Full
    }
}

/// The earliest limit of the reservations here. Nothing if one of them waits for slots only: then a
/// shard that cannot be stopped would keep it waiting, and the next one again.
fn lent_until(engine: &Engine, provider: &Key, now_ms: u64) -> Option<u64> {
    let mut earliest = u64::MAX;
    for (job, gang) in engine.gangs.on(provider) {
        let State::Reserving { members, invited, until_ms } = &gang.state else { continue };
        let mut ranks = members.iter().enumerate();
        let ready = *invited
            && ranks.all(|(rank, member)| standing(engine, &engine.gangs, job, rank, member, now_ms) == Standing::Open);
        if ready {
            return None;
        }
        earliest = earliest.min(*until_ms);
    }
    Some(earliest)
}

/// Whether one more gang could start here now, if need be by stopping shards that may be stopped, and leave that many
/// slots to others.
pub(crate) fn has_slot(engine: &Engine, book: &Book, key: &Key, left: usize) -> bool {
    let Some(provider) = engine.providers.get(key) else { return false };
    let (_, started) = gangs(book, key);
    let stay = others(book, key, provider).saturating_sub(preemptible(engine, book, key, provider).count());
    stay + started + left < capacity(provider)
}

/// Stops shards until every gang that runs here has its slot: the ones that started last, so that the
/// least work is lost.
pub(crate) fn clear(engine: &mut Engine, book: &Book, key: &Key, out: &mut Outcome) {
    loop {
        let Some(provider) = engine.providers.get(key) else { return };
        let (_, started) = gangs(book, key);
        if others(book, key, provider) + started <= capacity(provider) {
            return;
        }
        let newest =
            preemptible(engine, book, key, provider).max_by_key(|held| (started_ms(engine, held), *held)).copied();
        let Some((job, shard, attempt)) = newest else { return };
        if hand_over(engine, &job, shard, attempt, HandOverCause::Preempted, out).is_none() {
            return;
        }
    }
}

/// Attempts here that belong to no gang that has a slot here.
fn others(book: &Book, key: &Key, provider: &Provider) -> usize {
    provider.running.iter().filter(|(job, _, _)| !book.claims(key, job)).count()
}

fn preemptible<'a>(
    engine: &'a Engine,
    book: &'a Book,
    key: &'a Key,
    provider: &'a Provider,
) -> impl Iterator<Item = &'a (Key, u32, u32)> {
    provider.running.iter().filter(move |(job, _, _)| {
        let may = engine.jobs.get(job).is_some_and(|job| job.terms.service.preemptible);
        may && !book.claims(key, job)
    })
}

fn started_ms(engine: &Engine, (job, shard, attempt): &(Key, u32, u32)) -> u64 {
    let shard = engine.jobs.get(job).and_then(|job| job.shard(*shard));
    let held = shard.and_then(|shard| shard.running.iter().find(|held| held.number == *attempt));
    held.map_or(0, |held| held.started_ms)
}
