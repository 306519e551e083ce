//! How many leases a job gets and how large they are.
//!
//! At first: at least ⌈1/max_share⌉ owners and one more, so that the loss of one breaks neither the
//! spread nor the work; one lease for every few shards; each sized with headroom. Later: only what
//! the leases it has cannot do any more. Escrow is shared out evenly, so that the first lease does
//! not starve the last.

use std::collections::BTreeSet;

use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_core::tier::Tier;

use crate::effect::{Effect, Outcome};
use crate::engine::Engine;
use crate::fair::order;
use crate::gang;
use crate::gang::topology::Cluster;
use crate::place::ask::{Ask, Held};
use crate::place::choose::{Decision, Winner, choose};
use crate::place::survey;
use crate::proposal;
use crate::record::{Purpose, Shortage};
use crate::serve;
use crate::state::job::Job;
use crate::state::lease::affordable_units;

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
    if job.terms.tier == Tier::Training {
        return gang::floor::call(engine, key);
    }
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
    engine.gangs.changed = true;
    for key in order::waiting(engine) {
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
        let shortage = survey(engine, job, size, &held, width.max(needed));
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
        let Some(winner) = decide(engine, key, size, &held, None, out) else { break };
        proposal::propose(engine, key, &winner, &mut held, out);
    }
    if let Some(job) = engine.jobs.get_mut(key) {
        job.placed = true;
    }
    order::note(engine, key, None);
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
        let mut shortage = survey(engine, job, size, &held, 1);
        if shortage.owners_feasible == 0 && size.new_owners_only {
            // No new owner is to be had: better the owners that are left, whose shares stay capped,
            // than a job that stands still.
            size.new_owners_only = false;
            shortage = survey(engine, job, size, &held, 1);
        }
        if shortage.owners_feasible == 0 || shortage.leases_left == 0 {
            return starve(engine, key, size, &held, shortage, out);
        }
        let Some(winner) = decide(engine, key, size, &held, None, out) else { return };
        proposal::propose(engine, key, &winner, &mut held, out);
    }
    order::note(engine, key, None);
}

/// Takes one decision and keeps its record. `near` replaces the job's regions and its requester's by
/// those where a gang comes together.
pub(crate) fn decide(
    engine: &mut Engine,
    key: &Key,
    size: Size,
    held: &Held,
    near: Option<&Cluster>,
    out: &mut Outcome,
) -> Option<Winner> {
    let job = engine.jobs.get(key)?;
    let decision = next(engine, job);
    let mut ask = ask(job, size, held);
    if let Some(near) = near {
        (ask.region, ask.regions) = (Some(near.centre), &near.regions);
    }
    let choice = choose(&engine.view(), &ask, held, decision);
    engine.counters.count(&decision.spec_hash);
    let job = engine.jobs.get_mut(key)?;
    job.decisions.push(choice.record.id);
    out.records.push(choice.record);
    choice.winner
}

/// Notes that there is no candidate; says so again only if the reasons changed.
pub(crate) fn starve(engine: &mut Engine, key: &Key, size: Size, held: &Held, shortage: Shortage, out: &mut Outcome) {
    if engine.jobs.get(key).is_none_or(|job| job.shortage.as_ref() == Some(&shortage)) {
        return;
    }
    order::note(engine, key, Some(shortage.clone()));
    out.push(Effect::NoCandidate { job: *key, shortage });
    // The record shows who was looked at. It may name a best candidate when owners or leases, not
    // candidates, are what is short: the effect above says which.
    decide(engine, key, size, held, None, out);
}

/// Whether enough owners could serve a lease of this size, and what stands against the others if not.
pub(crate) fn survey(engine: &Engine, job: &Job, size: Size, held: &Held, enough: u32) -> Shortage {
    let draw = next(engine, job).draw();
    let found = survey::survey(&engine.view(), &ask(job, size, held), held, &draw, enough);
    Shortage {
        considered: found.considered,
        owners_feasible: found.owners,
        owners_needed: job.owners_needed(),
        leases_left: count(job.leases_left()),
        rejected: found.rejected,
    }
}

/// The job's next decision.
fn next(engine: &Engine, job: &Job) -> Decision {
    let spec_hash = job.terms.spec_hash;
    let counter = engine.counters.next(&spec_hash);
    let purpose = if job.placed { Purpose::Replacement } else { Purpose::Initial };
    let (epoch, epoch_hash) = engine.book.in_force();
    Decision { seed: engine.config.seed, spec_hash, counter, purpose, epoch, epoch_hash }
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

/// How large the lease of a gang's member is, when `left` are still to be chosen and one owner may have
/// `owner_limit` of them: none takes so much that the last one would not fit.
pub(crate) fn member_size(job: &Job, headroom_percent: u16, members: u16, owner_limit: u16, left: u32) -> Size {
    let each = u64::from(job.remaining().div_ceil(u32::from(members.max(1))));
    let expected = job.expected_units();
    let share = Payment::new(job.owner_cap().get() / u64::from(owner_limit.max(1)));
    Size {
        want: times(expected, with_headroom(each, headroom_percent)),
        least: times(expected, each),
        escrow: share.min(Payment::new(job.escrow_left().get() / u64::from(left.max(1)))),
        new_owners_only: false,
    }
}

pub(crate) fn ask<'a>(job: &'a Job, size: Size, held: &'a Held) -> Ask<'a> {
    let terms = &job.terms;
    Ask {
        tier: terms.tier,
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
        peers: &held.regions,
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

/// What a job's first lease would ask, for tests of scores.
#[cfg(test)]
pub(crate) fn ask_for_tests<'a>(job: &'a Job, held: &'a Held) -> Ask<'a> {
    ask(job, first_size(job, 125, 2, 2), held)
}

#[cfg(test)]
mod tests;
