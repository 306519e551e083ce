//! A result. The first one from an attempt that holds the shard counts; a second one is not paid;
//! one from an attempt that lost the shard is refused.

use crate::effect::{Accepted, Effect, HandOverCause, Outcome, RejectReason};
use crate::engine::Engine;
use crate::fair::order;
use crate::health::Cause;
use crate::input::{Claim, Done};
use crate::on::heartbeat;
use crate::place;
use crate::shard::finish::{complete, detach, end, hand_over, held};
use crate::shard::stage;
use crate::state::shard::End;
use crate::suspend::suspend;

pub(crate) fn apply(engine: &mut Engine, done: &Done, out: &mut Outcome) {
    let claim = done.claim;
    if let Some(reason) = refusal(engine, &claim) {
        return out.push(Effect::Rejected { claim, reason });
    }
    if already_won(engine, done) {
        // Its acceptance was lost on the way: say it again.
        return accepted(engine, claim, out);
    }
    let Some(attempt) = held(engine, &claim).cloned() else {
        return out.push(Effect::Rejected { claim, reason: RejectReason::NotHolder });
    };
    let ended =
        engine.jobs.get(&claim.job).and_then(|job| job.shard(claim.shard)).is_some_and(|shard| !shard.is_open());
    if ended {
        detach(engine, &claim.job, claim.shard, claim.attempt);
        if let Some(job) = engine.jobs.get_mut(&claim.job) {
            job.tally.duplicates = job.tally.duplicates.saturating_add(1);
        }
        return out.push(Effect::Duplicate { claim });
    }
    if done.units > attempt.limit {
        hand_over(engine, &claim.job, claim.shard, claim.attempt, HandOverCause::OverLimit, out);
        out.push(Effect::Rejected { claim, reason: RejectReason::OverLimit });
        return suspend(engine, &claim.provider, Cause::OverLimit, out);
    }
    accept(engine, done, attempt.started_ms, out);
}

/// Why a report cannot be about anything.
pub(crate) fn refusal(engine: &Engine, claim: &Claim) -> Option<RejectReason> {
    let Some(job) = engine.jobs.get(&claim.job) else { return Some(RejectReason::UnknownJob) };
    if job.shard(claim.shard).is_none() {
        Some(RejectReason::UnknownShard)
    } else if !job.open {
        Some(RejectReason::JobEnded)
    } else {
        None
    }
}

/// Whether this very result was accepted before.
fn already_won(engine: &Engine, done: &Done) -> bool {
    let Some(shard) = engine.jobs.get(&done.claim.job).and_then(|job| job.shard(done.claim.shard)) else {
        return false;
    };
    shard.end
        == Some(End::Done {
            number: done.claim.attempt,
            lease: done.claim.lease,
            provider: done.claim.provider,
            output: done.output,
            units: done.units,
        })
}

fn accept(engine: &mut Engine, done: &Done, started_ms: u64, out: &mut Outcome) {
    let claim = done.claim;
    detach(engine, &claim.job, claim.shard, claim.attempt);
    if let Some(lease) = engine.leases.get_mut(&claim.lease) {
        lease.accept(done.units);
    }
    let result = End::Done {
        number: claim.attempt,
        lease: claim.lease,
        provider: claim.provider,
        output: done.output,
        units: done.units,
    };
    end(engine, &claim.job, claim.shard, result);
    stage::release(engine, &claim.job, claim.shard);
    let took_ms = engine.now_ms.saturating_sub(started_ms);
    if let Some(job) = engine.jobs.get_mut(&claim.job) {
        job.tally.busy_ms = job.tally.busy_ms.saturating_add(took_ms);
        engine.history.ran(job.terms.unit_kind, job.terms.resource_class, done.units, took_ms);
    }
    order::learn(engine, &claim.job, took_ms);
    accepted(engine, claim, out);
    if let Some(provider) = engine.providers.get_mut(&claim.provider) {
        let change = provider.health.succeed();
        heartbeat::note(engine, &claim.provider, change, out);
    }
    disprove(engine, &claim, out);
    complete(engine, &claim.job, out);
    place::plan::plan(engine, &claim.job, out);
}

fn accepted(engine: &Engine, claim: Claim, out: &mut Outcome) {
    let Some(lease) = engine.leases.get(&claim.lease) else { return };
    out.push(Effect::Accepted(Accepted { claim, lease_units: lease.used, amount_due: lease.amount_due() }));
}

/// The module ran well here: whoever said that it fails was wrong about it.
fn disprove(engine: &mut Engine, claim: &Claim, out: &mut Outcome) {
    let Some(shard) = engine.jobs.get(&claim.job).and_then(|job| job.shard(claim.shard)) else { return };
    let wrong: Vec<_> = shard.failures.iter().map(|failure| failure.provider).collect();
    for provider in wrong {
        suspend(engine, &provider, Cause::Disproved, out);
    }
}

#[cfg(test)]
mod tests;
