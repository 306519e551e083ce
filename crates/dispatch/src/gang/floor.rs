//! The engine as the floor on which gangs are played.

use mira_core::Key;
use mira_core::amount::Units;
use mira_core::tier::Tier;

use crate::effect::{Effect, HandOverCause, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::gang::advance::{self, Floor, Standing, Survey};
use crate::gang::book::{Book, Gang, Member};
use crate::gang::find::{Candidate, candidates};
use crate::gang::note::Note;
use crate::gang::terms::owner_limit;
use crate::gang::{rank, slots};
use crate::place::plan;
use crate::proposal;
use crate::shard::finish::hand_over;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::timers::Due;

/// Does for all gangs what can be done after an input.
pub(crate) fn advance(engine: &mut Engine, out: &mut Outcome) {
    if engine.gangs.is_empty() {
        return;
    }
    let mut book = std::mem::take(&mut engine.gangs);
    let now_ms = engine.now_ms;
    for key in book.in_order() {
        let (Some(gang), Some(job)) = (book.get_mut(&key), engine.jobs.get(&key)) else { continue };
        gang.step = rank::step(gang, job);
    }
    advance::advance(&mut book, &mut Hall { engine, out }, now_ms);
    engine.gangs = book;
}

/// A training job wants its gang, or something of it changed.
pub(crate) fn call(engine: &mut Engine, key: &Key) {
    let Some(job) = engine.jobs.get(key).filter(|job| job.terms.tier == Tier::Training) else { return };
    match engine.gangs.get(key).map(Gang::is_running) {
        Some(true) => {}
        Some(false) => engine.gangs.changed = true,
        None if !job.open || job.is_complete() => {}
        None => {
            // Its place in the order counts all its work at once, as if it ran alone on its slots.
            let requester = job.terms.requester;
            let work_ms = u64::from(job.remaining()).saturating_mul(job.terms.time_limit_ms);
            let weight = engine.fair.weights.of(&requester);
            let tag = engine.fair.gangs.queue(&requester, work_ms, weight);
            engine.gangs.enter(key, job.terms.service.gang, tag);
        }
    }
}

/// Reservations go on as if the time had not passed in which nobody could be heard.
pub(crate) fn renew(engine: &mut Engine) {
    let (now_ms, ttl_ms) = (engine.now_ms, engine.config.proposal_ttl_ms);
    let limits = engine.gangs.extend(|size| now_ms.saturating_add(limit_ms(ttl_ms, size)));
    for (job, until_ms) in limits {
        engine.timers.set(until_ms.saturating_add(1), Due::Gang(job));
    }
}

/// A job's leases are opened one after the other: a gang gets as many times as it has members.
fn limit_ms(ttl_ms: u64, size: u16) -> u64 {
    ttl_ms.saturating_mul(u64::from(size.max(1)))
}

/// The lease under which a provider is, or could be, a member. `works` if it still has shards to run.
pub(crate) fn member_lease<'a>(
    engine: &'a Engine,
    job: &Job,
    provider: &Key,
    works: bool,
    now_ms: u64,
) -> Option<(&'a Key, &'a Lease)> {
    let held = engine.providers.get(provider).filter(|held| held.health.takes_work())?;
    let leases = held.leases.iter().filter_map(|key| Some((key, engine.leases.get(key)?)));
    let mut leases = leases.filter(|(_, lease)| lease.job == job.terms.job && lease.open);
    leases.find(|(_, lease)| {
        let covers = lease.room() >= job.expected_units() && lease.outlasts(now_ms, job.terms.time_limit_ms);
        let runs = lease.reserved > Units::ZERO;
        lease.outlasts(now_ms, 0) && (runs || covers || !works)
    })
}

/// How a member of a gang stands at that time.
pub(crate) fn standing(engine: &Engine, book: &Book, key: &Key, rank: usize, member: &Member, now_ms: u64) -> Standing {
    let (Some(job), Some(gang)) = (engine.jobs.get(key), book.get(key)) else { return Standing::Lost };
    let Some(provider) = engine.providers.get(&member.provider) else { return Standing::Lost };
    // Slots may have become fewer: the gangs that run keep theirs first.
    let mut claims: Vec<(bool, &Key)> =
        book.on(&member.provider).map(|(job, gang)| (!gang.is_running(), job)).collect();
    claims.sort_unstable();
    let fits = claims.iter().position(|(_, job)| *job == key).is_some_and(|at| at < slots::capacity(provider));
    if !fits {
        return Standing::Lost;
    }
    let works = !gang.is_running() || rank::has_left(gang, job, rank);
    if member_lease(engine, job, &member.provider, works, now_ms).is_some() {
        return Standing::Open;
    }
    let proposed = job.proposals.values().any(|pending| pending.proposal.provider == member.provider);
    // Whoever is only held was not asked yet.
    let healthy = gang.is_holder() && provider.health.is_healthy();
    if proposed || healthy { Standing::Pending } else { Standing::Lost }
}

struct Hall<'a> {
    engine: &'a mut Engine,
    out: &'a mut Outcome,
}

impl Floor for Hall<'_> {
    fn is_over(&self, key: &Key) -> bool {
        self.engine.jobs.get(key).is_none_or(|job| !job.open || job.is_complete())
    }

    fn survey(&mut self, book: &Book, key: &Key, size: u16) -> Survey {
        let Some(job) = self.engine.jobs.get(key) else { return Survey::default() };
        let all = candidates(self.engine, book, key, job, size);
        let left = if job.leasable { job.leases_left() } else { 0 };
        let now = all.members(size, left, |candidate| candidate.free);
        let possible = all.members(size, left, |_| true).len() >= usize::from(size);
        if possible {
            // It waits for its turn, not for candidates.
            order::note(self.engine, key, None);
        }
        Survey { now, possible }
    }

    fn invite(&mut self, book: &Book, key: &Key, size: u16) -> Option<Vec<Member>> {
        let job = self.engine.jobs.get(key)?;
        let all = candidates(self.engine, book, key, job, size);
        let left = if job.leasable { job.leases_left() } else { 0 };
        // Rather those whose slot can be had at once.
        let ready = |candidate: &Candidate| candidate.free && candidate.ready;
        let at_once = all.members(size, left, ready).len() >= usize::from(size);
        let which = |candidate: &Candidate| candidate.free && (candidate.ready || !at_once);
        let mut members = all.base(size, which);
        let missing = u32::from(size).saturating_sub(u32::try_from(members.len()).unwrap_or(u32::MAX));
        let cluster = if missing == 0 { None } else { Some(all.cluster(self.engine, &members, missing, which)?) };
        let mut held = all.held.clone();
        for left in (1..=missing).rev() {
            held.full = all.full(&members, which);
            let Some(job) = self.engine.jobs.get(key) else { break };
            let percent = self.engine.config.headroom_percent;
            let size = plan::member_size(job, percent, size, all.owner_limit, left);
            let decision = plan::decide(self.engine, key, size, &held, cluster.as_ref(), self.out);
            let Some(winner) = decision else {
                proposal::withdraw_all(self.engine, key, self.out);
                return None;
            };
            let owner = self.engine.providers.get(&winner.provider).map(|provider| provider.facts.owner);
            proposal::propose(self.engine, key, &winner, &mut held, self.out);
            members.push(Member { provider: winner.provider, owner: owner.unwrap_or_default() });
        }
        if let Some(job) = self.engine.jobs.get_mut(key) {
            job.placed = true;
        }
        order::note(self.engine, key, None);
        Some(members)
    }

    fn standing(&self, book: &Book, job: &Key, rank: usize, member: &Member) -> Standing {
        standing(self.engine, book, job, rank, member, self.engine.now_ms)
    }

    fn has_slot(&self, book: &Book, provider: &Key) -> bool {
        // What it was promised is its own: no slots are kept from it any more.
        slots::has_slot(self.engine, book, provider, 0)
    }

    fn clear_slot(&mut self, book: &Book, provider: &Key) {
        slots::clear(self.engine, book, provider, self.out);
    }

    fn withdraw(&mut self, key: &Key, late: bool) {
        if let Some(job) = self.engine.jobs.get_mut(key).filter(|_| late) {
            // Leases are opened one after the other: it was the oldest one's turn.
            job.declined.extend(job.proposals.values().map(|pending| pending.proposal.provider).take(1));
        }
        proposal::withdraw_all(self.engine, key, self.out);
    }

    fn halt(&mut self, key: &Key) {
        let Some(job) = self.engine.jobs.get(key) else { return };
        let running = job.running.iter().filter_map(|index| Some((*index, job.shard(*index)?)));
        let attempts = running.flat_map(|(index, shard)| shard.running.iter().map(move |held| (index, held.number)));
        for (index, number) in attempts.collect::<Vec<_>>() {
            hand_over(self.engine, key, index, number, HandOverCause::GangStopped, self.out);
        }
    }

    fn starve(&mut self, key: &Key, size: u16) {
        let Some(job) = self.engine.jobs.get(key).filter(|job| job.leasable) else { return };
        // As if nobody else claimed a slot: what is missing is missing then too.
        let all = candidates(self.engine, &Book::default(), key, job, size);
        let owners = u32::from(size).div_ceil(u32::from(owner_limit(size, job.terms.max_share.get()).max(1)));
        let shortage = crate::record::Shortage { owners_needed: owners, ..all.shortage };
        plan::starve(self.engine, key, all.size, &all.held, shortage, self.out);
    }

    fn begin(&mut self, tag: u64) {
        self.engine.fair.gangs.begin(tag);
    }

    fn forgive(&mut self, key: &Key) -> bool {
        let declined = self.engine.jobs.get_mut(key).map(|job| std::mem::take(&mut job.declined));
        declined.is_some_and(|declined| !declined.is_empty())
    }

    fn limit_ms(&self, size: u16) -> u64 {
        limit_ms(self.engine.config.proposal_ttl_ms, size)
    }

    fn wake(&mut self, job: &Key, at_ms: u64) {
        self.engine.timers.set(at_ms, Due::Gang(*job));
    }

    fn tell(&mut self, note: Note) {
        self.out.push(Effect::Gang(note));
    }
}
