//! A provider gives a shard up. A fault of its own suspends it at once; a fault of the module counts
//! against the shard, which is given up when enough owners agree.

use std::collections::BTreeSet;

use mira_core::Key;
use mira_core::amount::Units;

use crate::effect::{Effect, HandOverCause, Outcome, RejectReason};
use crate::engine::Engine;
use crate::health::Cause;
use crate::input::{Claim, Failed, Fault};
use crate::on::done;
use crate::place;
use crate::shard::finish::{complete, end, hand_over, held};
use crate::shard::stage;
use crate::state::shard::{Attempt, End, Failure};
use crate::suspend::suspend;

/// Failures of a shard, of few owners again and again, after which it is given up, as a multiple of
/// `max_failures`.
const STUBBORN: u32 = 3;

pub(crate) fn apply(engine: &mut Engine, failed: &Failed, out: &mut Outcome) {
    let claim = failed.claim;
    if let Some(reason) = done::refusal(engine, &claim) {
        return out.push(Effect::Rejected { claim, reason });
    }
    if held(engine, &claim).is_none() {
        return out.push(Effect::Rejected { claim, reason: RejectReason::NotHolder });
    }
    let cause = match failed.fault {
        Fault::Module => HandOverCause::ModuleFailed,
        Fault::Node => HandOverCause::NodeFailed,
        Fault::Undelivered => HandOverCause::Undelivered,
    };
    let Some(attempt) = hand_over(engine, &claim.job, claim.shard, claim.attempt, cause, out) else { return };
    if let Some(shard) = engine.jobs.get_mut(&claim.job).and_then(|job| job.shard_mut(claim.shard)) {
        shard.note = Some(failed.note.clone());
    }
    match failed.fault {
        Fault::Module => module_failed(engine, &claim, &attempt, out),
        Fault::Node => suspend(engine, &claim.provider, Cause::NodeFault, out),
        Fault::Undelivered => {}
    }
    place::plan::plan(engine, &claim.job, out);
}

fn module_failed(engine: &mut Engine, claim: &Claim, attempt: &Attempt, out: &mut Outcome) {
    let Some(owner) = engine.providers.get(&claim.provider).map(|provider| provider.facts.owner) else { return };
    let max_failures = engine.config.max_failures;
    let Some(job) = engine.jobs.get_mut(&claim.job) else { return };
    if attempt.limit < job.terms.max_units {
        // It was stopped short because the lease's cap was nearly used up: it needs more, and the
        // module is not to blame.
        job.least_units = job.least_units.max(Units::new(attempt.limit.get().saturating_mul(2)));
        return;
    }
    let Some(shard) = job.shard_mut(claim.shard).filter(|shard| shard.is_open()) else { return };
    shard.failures.push(Failure { provider: claim.provider, owner });
    let owners: BTreeSet<Key> = shard.failures.iter().map(|failure| failure.owner).collect();
    let agreed = owners.len() >= usize::try_from(max_failures).unwrap_or(usize::MAX);
    let stubborn = shard.failures.len() >= usize::try_from(max_failures.saturating_mul(STUBBORN)).unwrap_or(usize::MAX);
    if (agreed || stubborn) && shard.running.is_empty() {
        end(engine, &claim.job, claim.shard, End::GivenUp);
        out.push(Effect::GivenUp { job: claim.job, shard: claim.shard });
        stage::give_up(engine, &claim.job, claim.shard, out);
        complete(engine, &claim.job, out);
    }
}

#[cfg(test)]
mod tests;
