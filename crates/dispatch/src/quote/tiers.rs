//! What each tier would make of a job.
//!
//! | tier | who serves | at which price | how wide |
//! | --- | --- | --- | --- |
//! | interactive | the nearest owners that are needed, within its target | theirs | their free slots |
//! | batch, pipeline | the cheapest owners that are needed, and one to spare | the needed ones' | their free slots |
//! | training | the cheapest slots until the gang is full | theirs | the gang |

use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::price::amount_ceil;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::quote::QuoteRequest;
use crate::quote::market::{Candidate, Market, average_ceil};
use crate::quote::time::{self, Estimate, Work};

/// Funding recommended above the expected cost, in percent: leases are sized with headroom, and a
/// replacement must find escrow although the lost lease still holds its own.
const FUNDING_PERCENT: u128 = 175;

/// What one tier would make of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierQuote {
    /// The tier.
    pub tier: Tier,
    /// Why it could not be placed in it now, if so.
    pub reason: Option<String>,
    /// All units at the average price of whoever is expected to serve it.
    pub expected_cost: Payment,
    /// What to fund the job with, so that a lost provider can be replaced.
    pub recommended_funding: Payment,
    /// From now until the first shard is handed out.
    pub start: Estimate,
    /// From now until the last result; nothing if neither history nor a time limit says.
    pub completion: Option<Estimate>,
    /// Whether nine of ten such jobs are done by the time that was asked for, if one was.
    pub in_time: Option<bool>,
}

/// The quote of one tier.
pub(crate) fn of(engine: &Engine, request: &QuoteRequest, market: &Market, tier: Tier) -> TierQuote {
    let served = served(engine, request, market, tier);
    let chain = 1 + u64::try_from(request.service.stages.len()).unwrap_or(u64::MAX);
    let shards = u64::from(request.shards).saturating_mul(chain);
    let units = Units::new(request.est_units_per_shard.get().saturating_mul(shards));
    let expected_cost = amount_ceil(units, average_ceil(&served.prices)).unwrap_or(Payment::MAX);
    let funding = (u128::from(expected_cost.get()) * FUNDING_PERCENT).div_ceil(100);
    let start = time::start(engine, tier);
    let completion = time::end(engine, request, &start, Work { shards, chain, slots: served.slots });
    let reason = request.service.misfit(tier, request.shards).or(served.lacks);
    let in_time = request.within_ms.zip(completion).map(|(within_ms, completion)| completion.p90_ms <= within_ms);
    TierQuote {
        tier,
        reason,
        expected_cost,
        recommended_funding: Payment::new(u64::try_from(funding).unwrap_or(u64::MAX)),
        start,
        completion,
        in_time,
    }
}

/// Who would serve.
pub(super) struct Served {
    /// What they ask, one entry for each equal part of the work.
    pub(super) prices: Vec<UnitPrice>,
    /// Shards at the same time.
    pub(super) slots: u64,
    /// What there is too little of.
    pub(super) lacks: Option<String>,
}

/// Who would serve in a tier, whether it is served or not.
pub(super) fn served(engine: &Engine, request: &QuoteRequest, market: &Market, tier: Tier) -> Served {
    let needed = usize::try_from(market.needed.max(1)).unwrap_or(usize::MAX);
    match tier {
        Tier::Interactive => interactive(request, market, needed),
        Tier::Batch | Tier::Pipeline => {
            let for_work = request.shards.div_ceil(engine.config.shards_per_lease.max(1));
            let for_work = usize::try_from(for_work).unwrap_or(usize::MAX);
            let width = for_work.max(needed.saturating_add(1)).min(usize::from(request.max_leases));
            spread(market, &market.best(|candidate| candidate.price), needed, width)
        }
        Tier::Training => gang(request, market),
    }
}

/// The nearest owners; those beyond the target cannot keep it, whatever they compute.
fn interactive(request: &QuoteRequest, market: &Market, needed: usize) -> Served {
    let target_ms = request.service.target_ms.unwrap_or(u32::MAX);
    let mut near = market.best(|candidate| (candidate.rtt_ms, candidate.price));
    near.retain(|candidate| candidate.rtt_ms < target_ms);
    let (within, all) = (near.len(), market.owners());
    let served = spread(market, &near, needed, needed);
    let text = || {
        format!("{within} of {all} owners have a round trip under its target of {target_ms} ms, and it needs {needed}")
    };
    let lacks = served.lacks.or_else(|| (within < needed).then(text));
    Served { lacks, ..served }
}

/// The first `needed` owners set the price, the first `width` do the work.
fn spread(market: &Market, best: &[Candidate], needed: usize, width: usize) -> Served {
    let first = &best[..best.len().min(needed)];
    let owners = market.owners();
    let text = || format!("{owners} owners can serve it and its max_share needs {needed}: see the rejects by limit");
    Served {
        prices: first.iter().map(|candidate| candidate.price).collect(),
        slots: best.iter().take(width).map(|candidate| candidate.slots).fold(0, u64::saturating_add),
        lacks: (market.owners() < market.needed).then(text),
    }
}

/// The cheapest slots until all members have one, from as many owners as the share asks for.
fn gang(request: &QuoteRequest, market: &Market) -> Served {
    let stated = u64::from(request.service.gang);
    // Nothing stated: all at once, as a batch would never be.
    let members = if stated == 0 { u64::from(request.shards) } else { stated };
    let mut cheapest = market.candidates.clone();
    cheapest.sort_by_key(|candidate| (candidate.price, candidate.owner));
    let (mut prices, mut left) = (Vec::new(), members);
    for candidate in &cheapest {
        let taken = candidate.slots.min(left);
        left -= taken;
        prices.extend(std::iter::repeat_n(candidate.price, usize::try_from(taken).unwrap_or(0)));
    }
    let free = cheapest.iter().map(|candidate| candidate.slots).fold(0, u64::saturating_add);
    let owners = market.owners();
    let lacks = if left > 0 {
        Some(format!("a gang of {members} needs as many free slots at once, and {free} are free"))
    } else {
        let needed = market.needed;
        (owners < needed).then(|| format!("{owners} owners can serve it and its max_share needs {needed}"))
    };
    Served { prices, slots: members, lacks }
}
