//! How many leases a job gets and how large they are.
//!
//! At first: at least ⌈1/max_share⌉ owners and one more, so that the loss of one breaks neither the
//! spread nor the work; one lease for every few shards; each sized with headroom. Later: only what
//! the leases it has cannot do any more. Escrow is shared out evenly, so that the first lease does
//! not starve the last.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_core::tier::Tier;

use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::place::ask::{Ask, Held};
use crate::place::choose::{Decision, Winner, choose, offers};
use crate::place::limit::{Limit, rejects};
use crate::proposal;
use crate::record::{Purpose, Shortage};
use crate::serve;
use crate::state::job::Job;
use crate::state::lease::affordable_units;
use crate::state::provider::Provider;

/// How large a lease is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) want: Units,
    pub(crate) least: Units,
    pub(crate) escrow: Payment,
    pub(crate) new_owners_only: bool,
}

/// Proposes the leases that a job lacks, or notes why it cannot have them. A job that nothing may be
/// leased for now is planned again when that changes.
pub(crate) fn plan(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let Some(job) = engine.jobs.get(key) else { return };
    if !job.open || !job.leasable || job.is_complete() {
        return;
    }
    if job.terms.tier == Tier::Interactive {
        return serve::plan::plan(engine, key, out);
    }
    if job.placed { replace(engine, key, out) } else { place(engine, key, out) }
}

/// Plans again whatever waits for a candidate, because somebody changed.
pub(crate) fn plan_waiting(engine: &mut Engine, out: &mut Outcome) {
    let waiting: Vec<Key> = engine.jobs.iter().filter(|(_, job)| job.shortage.is_some()).map(|(key, _)| *key).collect();
    for key in waiting {
        plan(engine, &key, out);
    }
}

/// The first leases: for enough owners, or none at all.
fn place(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    let mut held = engine.held(key);
    let Some(job) = engine.jobs.get(key) else { return };
    let needed = job.owners_needed();
    let mut width = first_width(job, engine.config.shards_per_lease);
    loop {
        let size = first_size(job, engine.config.headroom_percent, width, width);
        let shortage = survey(&engine.providers, job, size, &held);
        if shortage.owners_feasible < needed || shortage.leases_left < needed.max(1) || width == 0 {
            return starve(engine, key, size, &held, shortage, out);
        }
        if shortage.owners_feasible >= width {
            break;
        }
        // Fewer and larger leases; that may leave fewer feasible owners again.
        width = shortage.owners_feasible;
    }
    for left in (1..=width).rev() {
        let Some(job) = engine.jobs.get(key) else { return };
        let size = first_size(job, engine.config.headroom_percent, width, left);
        let Some(winner) = decide(engine, key, size, &held, out) else { break };
        proposal::propose(engine, key, &winner, &mut held, out);
    }
    if let Some(job) = engine.jobs.get_mut(key) {
        job.placed = true;
        job.shortage = None;
    }
}

/// What the leases that a job has cannot do any more.
fn replace(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    loop {
        let Some(job) = engine.jobs.get(key) else { return };
        let missing = u64::from(job.remaining()).saturating_sub(covered(engine, job));
        if missing == 0 {
            break;
        }
        let mut held = engine.held(key);
        let expected = job.expected_units();
        let mut size = Size {
            want: times(expected, with_headroom(missing, engine.config.headroom_percent)),
            least: expected,
            escrow: job.escrow_left(),
            new_owners_only: live_owners(engine, job) < job.owners_needed(),
        };
        let mut shortage = survey(&engine.providers, job, size, &held);
        if shortage.owners_feasible == 0 && size.new_owners_only {
            // No new owner is to be had: better the owners that are left, whose shares stay capped,
            // than a job that stands still.
            size.new_owners_only = false;
            shortage = survey(&engine.providers, job, size, &held);
        }
        if shortage.owners_feasible == 0 || shortage.leases_left == 0 {
            return starve(engine, key, size, &held, shortage, out);
        }
        let Some(winner) = decide(engine, key, size, &held, out) else { return };
        proposal::propose(engine, key, &winner, &mut held, out);
    }
    if let Some(job) = engine.jobs.get_mut(key) {
        job.shortage = None;
    }
}

/// Takes one decision and keeps its record.
pub(crate) fn decide(engine: &mut Engine, key: &Key, size: Size, held: &Held, out: &mut Outcome) -> Option<Winner> {
    let job = engine.jobs.get_mut(key)?;
    let counter = engine.counters.entry(job.terms.spec_hash).or_default();
    let purpose = if job.placed { Purpose::Replacement } else { Purpose::Initial };
    let decision = Decision { seed: engine.config.seed, spec_hash: job.terms.spec_hash, counter: *counter, purpose };
    let choice = choose(&engine.providers, &ask(job, size), held, decision);
    *counter = counter.saturating_add(1);
    job.decisions.push(choice.record.id);
    out.records.push(choice.record);
    choice.winner
}

/// Notes that there is no candidate; says so again only if the reasons changed.
pub(crate) fn starve(engine: &mut Engine, key: &Key, size: Size, held: &Held, shortage: Shortage, out: &mut Outcome) {
    let Some(job) = engine.jobs.get_mut(key) else { return };
    if job.shortage.as_ref() == Some(&shortage) {
        return;
    }
    job.shortage = Some(shortage.clone());
    out.push(Effect::NoCandidate { job: *key, shortage });
    // The record shows who was looked at. It may name a best candidate when owners or leases, not
    // candidates, are what is short: the effect above says which.
    decide(engine, key, size, held, out);
}

/// Who could serve a lease of this size, and what stands against the others.
pub(crate) fn survey(providers: &BTreeMap<Key, Provider>, job: &Job, size: Size, held: &Held) -> Shortage {
    let ask = ask(job, size);
    let mut rejected = vec![0u32; Limit::ALL.len()];
    let (mut owners, mut considered) = (BTreeSet::new(), 0u32);
    for seen in offers(providers, held) {
        considered = considered.saturating_add(1);
        let bits = rejects(&ask, &seen);
        bits.limits().for_each(|limit| rejected[limit.index()] += 1);
        if bits.is_feasible() {
            owners.insert(seen.provider.facts.owner);
        }
    }
    Shortage {
        considered,
        owners_feasible: count(owners.len()),
        owners_needed: job.owners_needed(),
        leases_left: count(job.leases_left()),
        rejected,
    }
}

/// How many leases a job gets at first.
fn first_width(job: &Job, shards_per_lease: u32) -> u32 {
    let needed = job.owners_needed().max(1);
    let for_work = job.remaining().div_ceil(shards_per_lease.max(1));
    // One owner more than needed, unless there is no work for it.
    let for_loss = needed.saturating_add(1).min(job.remaining());
    for_work.max(for_loss).max(needed).min(count(job.leases_left()))
}

/// How large each of `width` first leases is, when `left` of them are still to be chosen.
fn first_size(job: &Job, headroom_percent: u16, width: u32, left: u32) -> Size {
    let (remaining, width) = (u64::from(job.remaining()), u64::from(width.max(1)));
    let expected = job.expected_units();
    Size {
        want: times(expected, with_headroom(remaining, headroom_percent).div_ceil(width)),
        // Without headroom all leases together still cover the work.
        least: times(expected, remaining.div_ceil(width)),
        escrow: Payment::new(job.escrow_left().get() / u64::from(left.max(1))),
        // A second lease of the same owner would only be a dearer way to a larger first one.
        new_owners_only: true,
    }
}

fn ask(job: &Job, size: Size) -> Ask<'_> {
    let terms = &job.terms;
    Ask {
        unit_kind: terms.unit_kind,
        resource_class: terms.resource_class,
        region: terms.region,
        regions: &terms.regions,
        deny: &terms.deny,
        declined: &job.declined,
        max_unit_price: terms.max_unit_price,
        min_provider_stake: terms.min_provider_stake,
        stake_per_million: terms.stake_per_million,
        want: size.want,
        least: size.least,
        escrow: size.escrow,
        owner_cap: job.owner_cap(),
        new_owners_only: size.new_owners_only,
        data: &job.data,
        needs: &terms.service.needs,
    }
}

/// Shards that the job's usable leases and proposals can pay for. What is left of a cap below one
/// shard's worth pays for none.
fn covered(engine: &Engine, job: &Job) -> u64 {
    let expected = job.expected_units().get().max(1);
    let leases = engine.usable(job).map(|lease| lease.unused().get() / expected);
    let proposals = job.proposals.values().map(|pending| &pending.proposal);
    let proposed = proposals.map(|proposal| affordable_units(proposal.cap, proposal.unit_price).get() / expected);
    leases.chain(proposed).fold(0, u64::saturating_add)
}

/// Owners of the job's usable leases and proposals.
fn live_owners(engine: &Engine, job: &Job) -> u32 {
    let leases = engine.usable(job).map(|lease| lease.owner);
    let proposals = job.proposals.values().map(|pending| pending.proposal.owner);
    count(leases.chain(proposals).collect::<BTreeSet<_>>().len())
}

fn with_headroom(shards: u64, percent: u16) -> u64 {
    shards.saturating_mul(u64::from(percent)).div_ceil(100)
}

fn times(units: Units, count: u64) -> Units {
    Units::new(units.get().saturating_mul(count))
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
