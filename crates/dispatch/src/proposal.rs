//! A proposed lease from its decision until it is a lease or withdrawn.
//!
//! Leases of one job are opened one after the other, because a lease's address counts them: each
//! proposal gets as many times to live as there are proposals before it.

use mira_core::Key;
use mira_core::amount::{Payment, Stake, UnitPrice};
use mira_core::price::exposure_ceil;

use crate::effect::{Effect, Outcome, Proposal};
use crate::engine::Engine;
use crate::place::ask::Held;
use crate::place::choose::Winner;
use crate::state::hold::Holder;
use crate::state::job::{Job, Pending};
use crate::timers::Due;

/// Proposes a lease to the winner of a decision, the job's newest one.
pub(crate) fn propose(engine: &mut Engine, key: &Key, winner: &Winner, held: &mut Held, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let Some(job) = engine.jobs.get_mut(key) else { return };
    let Some(provider) = engine.providers.get_mut(&winner.provider) else { return };
    let id = engine.next_proposal;
    engine.next_proposal = id.saturating_add(1);
    let proposal = Proposal {
        id,
        job: *key,
        provider: winner.provider,
        owner: provider.facts.owner,
        unit_price: winner.unit_price,
        cap: winner.cap,
        expires_at: expiry(job, now_ms, engine.config.clock_skew_secs),
        decision: job.decisions.last().copied().unwrap_or_default(),
    };
    let exposure = exposure(job, winner.cap);
    held.take(&provider.facts, winner.cap, exposure);
    provider.pending_exposure = Stake::new(provider.pending_exposure.get().saturating_add(exposure.get()));
    provider.proposals.insert((*key, id));
    let machine = provider.offer.as_ref().and_then(|offer| offer.machine.as_ref());
    provider.holds.take(machine, Holder::Proposal(*key, id), &job.terms.service.needs);
    job.proposals.insert(id, Pending { proposal: proposal.clone(), expires_at_ms: 0 });
    out.push(Effect::Propose(proposal));
    renew(engine, key);
}

/// Gives every proposal of a job its time again: one of them became a lease, or one is new.
pub(crate) fn renew(engine: &mut Engine, key: &Key) {
    let Some(job) = engine.jobs.get_mut(key) else { return };
    let mut at_ms = engine.now_ms;
    for (id, pending) in &mut job.proposals {
        at_ms = at_ms.saturating_add(engine.config.proposal_ttl_ms);
        pending.expires_at_ms = at_ms;
        engine.timers.set(at_ms, Due::Proposal { job: *key, id: *id });
    }
}

/// The oldest proposal of a job that this lease fulfils.
pub(crate) fn matching(job: &Job, provider: &Key, price: UnitPrice, cap: Payment) -> Option<u64> {
    let fulfils =
        |proposal: &Proposal| proposal.provider == *provider && proposal.unit_price == price && proposal.cap == cap;
    job.proposals.iter().find(|(_, pending)| fulfils(&pending.proposal)).map(|(id, _)| *id)
}

/// Takes a proposal off the books, because it became a lease or no longer stands.
pub(crate) fn remove(engine: &mut Engine, key: &Key, id: u64) -> Option<Proposal> {
    let job = engine.jobs.get_mut(key)?;
    let proposal = job.proposals.remove(&id)?.proposal;
    let exposure = exposure(job, proposal.cap);
    if let Some(provider) = engine.providers.get_mut(&proposal.provider) {
        provider.proposals.remove(&(*key, id));
        provider.holds.release(Holder::Proposal(*key, id));
        provider.pending_exposure = Stake::new(provider.pending_exposure.get().saturating_sub(exposure.get()));
    }
    Some(proposal)
}

/// Withdraws a proposal.
pub(crate) fn withdraw(engine: &mut Engine, key: &Key, id: u64, out: &mut Outcome) {
    if let Some(proposal) = remove(engine, key, id) {
        out.push(Effect::Withdrawn { id, job: *key, provider: proposal.provider });
    }
}

/// Withdraws all proposals of a job: it ended or is complete.
pub(crate) fn withdraw_all(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let ids: Vec<u64> = engine.jobs.get(key).map(|job| job.proposals.keys().copied().collect()).unwrap_or_default();
    for id in ids {
        withdraw(engine, key, id, out);
    }
}

/// Withdraws a proposal that was left lying, and asks somebody else.
pub(crate) fn expire(engine: &mut Engine, key: &Key, id: u64, out: &mut Outcome) {
    let now_ms = engine.now_ms;
    let Some(job) = engine.jobs.get_mut(key) else { return };
    let Some(pending) = job.proposals.get(&id).filter(|pending| pending.expires_at_ms <= now_ms) else { return };
    job.declined.insert(pending.proposal.provider);
    withdraw(engine, key, id, out);
    crate::place::plan::plan(engine, key, out);
}

/// The stake that a lease of this cap will expose.
fn exposure(job: &Job, cap: Payment) -> Stake {
    exposure_ceil(cap, job.terms.stake_per_million).unwrap_or(Stake::MAX)
}

/// When a lease proposed now shall expire: as late as the chain allows, less a tenth at most for
/// clocks that differ.
fn expiry(job: &Job, now_ms: u64, skew_secs: u32) -> i64 {
    let longest = job.terms.max_lease_secs;
    let secs = longest.saturating_sub(skew_secs.min(longest / 10));
    let now_secs = i64::try_from(now_ms / 1_000).unwrap_or(i64::MAX);
    now_secs.saturating_add(i64::from(secs)).min(job.terms.deadline)
}
