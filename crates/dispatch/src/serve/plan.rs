//! Leases of an interactive job: few, near its requester, of enough owners and one more, so that the loss
//! of one breaks neither the spread nor the service. There is no work to divide: escrow is.

use std::collections::BTreeSet;

use mira_core::Key;
use mira_core::amount::{Payment, Units};

use crate::effect::Outcome;
use crate::engine::Engine;
use crate::fair::order;
use crate::place::plan::{Size, decide, starve, survey};
use crate::proposal;
use crate::state::job::Job;
use crate::state::lease::affordable_units;

/// Requests that a new lease must be able to pay for: fewer are used up before the next one is open.
const LEAST_REQUESTS: u64 = 8;

/// Proposes the leases that an interactive job lacks, or notes why it cannot have them.
pub(crate) fn plan(engine: &mut Engine, key: &Key, out: &mut Outcome) {
    loop {
        let Some(job) = engine.jobs.get(key) else { return };
        let (needed, (owners, leases)) = (job.owners_needed(), live(engine, job));
        let missing = needed.saturating_add(1).saturating_sub(owners);
        // The one more is worth having, not waiting for.
        let must = needed.saturating_sub(owners);
        if missing == 0 {
            break;
        }
        let mut held = engine.held(key);
        let mut size = size(job, missing);
        let mut shortage = survey(engine, job, size, &held, missing);
        if shortage.owners_feasible == 0 && job.placed && leases < needed {
            // No new owner is to be had: better those that are left, whose shares stay capped.
            size.new_owners_only = false;
            shortage = survey(engine, job, size, &held, 1);
        }
        let least = if job.placed { must.min(1) } else { must };
        if shortage.owners_feasible < least.max(1) || shortage.leases_left < least.max(1) {
            if must == 0 {
                break;
            }
            return starve(engine, key, size, &held, shortage, out);
        }
        let Some(winner) = decide(engine, key, size, &held, None, out) else { return };
        proposal::propose(engine, key, &winner, &mut held, out);
        if !size.new_owners_only {
            break;
        }
    }
    if let Some(job) = engine.jobs.get_mut(key) {
        job.placed = true;
    }
    order::note(engine, key, None);
}

/// Plans again once a lease can no longer pay for a request.
pub(crate) fn refill(engine: &mut Engine, lease: &Key, out: &mut Outcome) {
    let Some(lease) = engine.leases.get(lease) else { return };
    let Some(job) = engine.jobs.get(&lease.job) else { return };
    if lease.unused() < job.terms.max_units {
        let key = lease.job;
        crate::place::plan::plan(engine, &key, out);
    }
}

/// A part of the escrow for each lease that is missing, and one that is kept for a replacement.
fn size(job: &Job, missing: u32) -> Size {
    let escrow = Payment::new(job.escrow_left().get() / u64::from(missing.saturating_add(1)));
    let least = Units::new(job.terms.max_units.get().saturating_mul(LEAST_REQUESTS));
    Size { want: Units::MAX, least, escrow, new_owners_only: true }
}

/// Owners of leases and proposals that can still pay for a request, and how many those are.
fn live(engine: &Engine, job: &Job) -> (u32, u32) {
    let enough = |units: Units| units >= job.terms.max_units;
    let leases = engine.usable(job).filter(|lease| enough(lease.unused())).map(|lease| lease.owner);
    let proposals = job.proposals.values().map(|pending| &pending.proposal);
    let proposals = proposals.filter(|proposal| enough(affordable_units(proposal.cap, proposal.unit_price)));
    let all: Vec<Key> = leases.chain(proposals.map(|proposal| proposal.owner)).collect();
    let owners: BTreeSet<&Key> = all.iter().collect();
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    (count(owners.len()), count(all.len()))
}
