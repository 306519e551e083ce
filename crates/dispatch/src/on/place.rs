//! A requester asks for leases. Asking again for a job that has them changes nothing.

use crate::config::MAX_SHARDS;
use crate::effect::{Effect, Outcome, Refusal};
use crate::engine::Engine;
use crate::fair::order;
use crate::gang;
use crate::input::Place;
use crate::place;
use crate::state::job::{Job, owners_needed};
use crate::timers::Due;
use mira_core::Key;
use mira_core::tier::Tier;

pub(crate) fn apply(engine: &mut Engine, terms: &Place, out: &mut Outcome) {
    if let Some(refusal) = refusal(engine.now_ms, terms) {
        return out.push(Effect::Refused(refusal));
    }
    let now_ms = engine.now_ms;
    let job = engine.jobs.entry(terms.job).or_insert_with(|| {
        engine.counters.enter(&terms.spec_hash);
        Job::new(terms.clone(), now_ms)
    });
    let ends_at = job.terms.deadline;
    set_deadline(engine, &terms.job, ends_at);
    order::track(engine, &terms.job);
    engine.market.job_changed(&terms.job);
    place::typical::learn(engine, &terms.service.needs);
    let Some(job) = engine.jobs.get_mut(&terms.job) else { return };
    if !job.placed {
        job.terms.funded = terms.funded;
        job.terms.free = terms.free;
        job.terms.open_leases = terms.open_leases;
        // Asked for explicitly: say again why not.
        order::note(engine, &terms.job, None);
        place::plan::plan(engine, &terms.job, out);
    }
}

/// Looks at a job again when it ends. Unix seconds.
pub(crate) fn set_deadline(engine: &mut Engine, key: &Key, deadline: i64) {
    if let Some(ends_ms) = ends_ms(deadline) {
        engine.timers.set(ends_ms, Due::Deadline(*key));
    }
}

/// A deadline, which is in unix seconds, in milliseconds; nothing if it is beyond all time.
pub(crate) fn ends_ms(deadline: i64) -> Option<u64> {
    u64::try_from(deadline).ok()?.checked_mul(1_000)
}

/// Why a job cannot be placed whoever offers what.
fn refusal(now_ms: u64, terms: &Place) -> Option<Refusal> {
    let shards = u32::try_from(terms.shards.len()).unwrap_or(u32::MAX);
    let misfit = terms.service.misfit(terms.tier, shards);
    misfit.or_else(|| bad_terms(now_ms, terms)).or_else(|| gang::terms::bad_terms(terms)).map(Refusal::BadTerms)
}

fn bad_terms(now_ms: u64, terms: &Place) -> Option<String> {
    let needed = owners_needed(terms.max_share.get());
    let last_start_ms = u64::try_from(terms.deadline).unwrap_or(0).saturating_mul(1_000);
    if terms.shards.is_empty() && terms.tier != Tier::Interactive {
        Some("it has no shards".into())
    } else if terms.shards.len() > usize::try_from(MAX_SHARDS).unwrap_or(usize::MAX) {
        Some(format!("it has {} shards, more than {MAX_SHARDS}: cut larger shards", terms.shards.len()))
    } else if terms.est_units.is_zero() || terms.est_units > terms.max_units {
        Some(format!("expected units a shard must be from 1 to its limit of {}", terms.max_units))
    } else if terms.max_unit_price.is_zero() {
        Some("its maximum unit price is zero".into())
    } else if needed == 0 || u32::from(terms.max_leases) < needed {
        Some(format!("max_share needs {needed} owners, and max_leases allows {}: raise one of them", terms.max_leases))
    } else if terms.time_limit_ms == 0 || now_ms.saturating_add(terms.time_limit_ms) > last_start_ms {
        Some("its deadline comes before one shard's time limit is over: extend the deadline".into())
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
