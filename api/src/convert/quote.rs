//! Quotes, and what became of them.

use mira_core::Hash;
use mira_core::Key;
use mira_dispatch::quote::tiers::TierQuote;
use mira_dispatch::quote::time::{Basis, Estimate};
use mira_dispatch::quoted::{Actual, Quoted};
use mira_wire::quote as wire;
use mira_wire::{HashHex, Time};

/// What one tier would make of a job.
pub fn tier_quote(tier: &TierQuote) -> wire::TierQuote {
    wire::TierQuote {
        tier: tier.tier.as_str().to_owned(),
        feasible: tier.reason.is_none(),
        reason: tier.reason.clone(),
        expected_cost: tier.expected_cost.get().into(),
        recommended_funding: tier.recommended_funding.get().into(),
        start: estimate(&tier.start),
        completion: tier.completion.as_ref().map(estimate),
        in_time: tier.in_time,
    }
}

/// What a placement may name of a quote.
pub fn promise(tier: &TierQuote, at: Time) -> wire::Promise {
    wire::Promise {
        tier: tier.tier.as_str().to_owned(),
        at,
        expected_cost: tier.expected_cost.get().into(),
        start: estimate(&tier.start),
        completion: tier.completion.as_ref().map(estimate),
    }
}

fn estimate(estimate: &Estimate) -> wire::Estimate {
    let basis = match estimate.basis {
        Basis::Observed => "observed",
        Basis::Limits => "limits",
    };
    wire::Estimate {
        basis: basis.to_owned(),
        samples: estimate.samples,
        p50_ms: estimate.p50_ms.into(),
        p90_ms: estimate.p90_ms.into(),
        p99_ms: estimate.p99_ms.into(),
    }
}

/// A promise as the dispatcher keeps it with a job.
pub fn quoted(job: Key, promise: &wire::Promise) -> Quoted {
    let quantiles = |estimate: &wire::Estimate| [estimate.p50_ms, estimate.p90_ms, estimate.p99_ms].map(|ms| ms.get());
    let quote: Hash = promise.id().get();
    Quoted {
        job,
        quote,
        cost: mira_core::amount::Payment::new(promise.expected_cost.get()),
        start_ms: quantiles(&promise.start),
        completion_ms: promise.completion.as_ref().map(quantiles),
    }
}

/// A quote beside what became of its job.
pub fn honoured(quoted: &Quoted, actual: &Actual) -> wire::Honoured {
    let time = |[p50, p90, _]: [u64; 3], actual| wire::Difference::of(p50, Some(p90), actual);
    wire::Honoured {
        id: HashHex(quoted.quote),
        cost: wire::Difference::of(quoted.cost.get(), None, Some(actual.cost.get())),
        start_ms: time(quoted.start_ms, actual.start_ms),
        completion_ms: quoted.completion_ms.map(|quantiles| time(quantiles, actual.completion_ms)),
    }
}
