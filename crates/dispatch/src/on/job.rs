//! A placed job and its leases as the chain knows them, all at once, so that escrow is never counted
//! both in a proposal and in the lease it became.

use mira_core::Key;
use mira_core::amount::Units;

use crate::effect::{Effect, HandOverCause, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::input::{JobFacts, LeaseFacts};
use crate::on::place::set_deadline;
use crate::shard::finish::{end_job, hand_over_all};
use crate::state::hold::Holder;
use crate::state::lease::Lease;
use crate::{place, proposal, serve};

pub(crate) fn apply(engine: &mut Engine, facts: &JobFacts, out: &mut Outcome) {
    let Some(job) = engine.jobs.get_mut(&facts.job) else { return };
    job.terms.funded = facts.funded;
    job.terms.free = facts.free;
    job.terms.open_leases = facts.open_leases;
    order::track(engine, &facts.job);
    for lease in &facts.leases {
        if engine.leases.contains_key(&lease.lease) {
            update(engine, lease, out);
        } else {
            open(engine, &facts.job, lease, out);
        }
        serve::sync(engine, &lease.lease);
    }
    bound(engine, facts, out);
    if facts.open {
        place::plan::plan(engine, &facts.job, out);
    } else {
        end_job(engine, &facts.job, out);
    }
}

/// Until when, on which terms, and whether at all leases may be opened from now on. Proposals on other
/// terms are withdrawn, because the program would refuse them; that is nobody's fault. A job that its
/// deadline ended here before it was put off stays ended.
fn bound(engine: &mut Engine, facts: &JobFacts, out: &mut Outcome) {
    let key = &facts.job;
    let Some(job) = engine.jobs.get_mut(key) else { return };
    let terms = &job.terms;
    let later = terms.deadline != facts.deadline;
    let same = terms.stake_per_million == facts.stake_per_million && terms.max_lease_secs == facts.max_lease_secs;
    job.leasable = facts.leasable;
    if !same || !facts.leasable {
        // Before the rate changes at which their exposure was counted.
        proposal::withdraw_all(engine, key, out);
    }
    if later {
        set_deadline(engine, key, facts.deadline);
    }
    let Some(job) = engine.jobs.get_mut(key) else { return };
    // Without any lease it is as new: for enough owners, or none at all.
    job.placed = job.placed && !(job.leases.is_empty() && job.proposals.is_empty());
    job.terms.deadline = facts.deadline;
    job.terms.stake_per_million = facts.stake_per_million;
    job.terms.max_lease_secs = facts.max_lease_secs;
}

/// A lease that is new here.
fn open(engine: &mut Engine, job: &Key, facts: &LeaseFacts, out: &mut Outcome) {
    // A provider is made known before its leases; one that is not can only be somebody else's match.
    let Some(provider) = engine.providers.get_mut(&facts.provider) else { return };
    let works = engine.jobs.get(job).is_some_and(|job| job.open && !job.is_complete());
    let owner = provider.facts.owner;
    let slots = provider.offer.as_ref().map_or(0, |offer| offer.slots);
    if let Some(job) = engine.jobs.get(job).filter(|_| facts.open && works) {
        provider.leases.insert(facts.lease);
        engine.fair.lines.open(&facts.provider, &job.terms.requester, &facts.lease);
    }
    let lease = Lease {
        job: *job,
        provider: facts.provider,
        owner,
        unit_price: facts.unit_price,
        cap: facts.cap,
        expires_at: facts.expires_at,
        used: Units::ZERO,
        reserved: Units::ZERO,
        shards_done: 0,
        open: facts.open,
        slots,
    };
    engine.leases.insert(facts.lease, lease);
    let Some(held) = engine.jobs.get_mut(job) else { return };
    held.leases.push(facts.lease);
    held.width = held.width.saturating_add(if facts.open { u32::from(slots) } else { 0 });
    let proposal = proposal::matching(held, &facts.provider, facts.unit_price, facts.cap);
    if let Some(id) = proposal {
        proposal::remove(engine, job, id);
        proposal::renew(engine, job);
    }
    if facts.open && works {
        hold(engine, job, facts);
    }
    if facts.open {
        out.push(Effect::LeaseReady { lease: facts.lease, job: *job, proposal });
    }
}

/// Keeps one slot of the provider's machine for a lease, now that its proposal holds it no more.
fn hold(engine: &mut Engine, job: &Key, facts: &LeaseFacts) {
    let Some(job) = engine.jobs.get(job) else { return };
    let Some(provider) = engine.providers.get_mut(&facts.provider) else { return };
    let machine = provider.offer.as_ref().and_then(|offer| offer.machine.as_ref());
    provider.holds.take(machine, Holder::Lease(facts.lease), &job.terms.service.needs);
}

/// A lease that is known here: work stops under it when the chain says so, and never starts again.
fn update(engine: &mut Engine, facts: &LeaseFacts, out: &mut Outcome) {
    let Some(lease) = engine.leases.get_mut(&facts.lease) else { return };
    lease.expires_at = facts.expires_at;
    if lease.open && !facts.open {
        lease.open = false;
        let (provider, job, slots) = (lease.provider, lease.job, lease.slots);
        if let Some(job) = engine.jobs.get_mut(&job) {
            job.width = job.width.saturating_sub(u32::from(slots));
            engine.fair.lines.close(&provider, &job.terms.requester, &facts.lease);
        }
        hand_over_all(engine, &provider, Some(&facts.lease), HandOverCause::LeaseClosed, out);
        if let Some(provider) = engine.providers.get_mut(&provider) {
            provider.leases.remove(&facts.lease);
            provider.holds.release(Holder::Lease(facts.lease));
        }
    }
}

#[cfg(test)]
mod tests;
