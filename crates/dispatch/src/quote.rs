//! What a job would cost, when it would begin and end, and who could serve it, without promising anything;
//! for the tier that was asked and for the others beside it.
//!
//! The same limits and sizes as a placement use, for a job funded as the quote recommends.
//!
//! | module | holds |
//! | --- | --- |
//! | [`market`] | who could serve it and at which price |
//! | [`time`] | when it would begin and end, from what was observed, or from the stated limits |
//! | [`tiers`] | what each tier would make of it |

pub mod market;
pub mod tiers;
pub mod time;

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};

use crate::effect::Refusal;
use crate::engine::Engine;
use crate::place::limit::Limit;
use crate::quote::market::Market;
use crate::quote::tiers::TierQuote;
use crate::service::Service;
use crate::state::job::owners_needed;

/// What is asked.
#[derive(Clone, Debug)]
pub struct QuoteRequest {
    /// How it is to be served.
    pub tier: Tier,
    /// What is metered.
    pub unit_kind: UnitKind,
    /// The machine needed.
    pub resource_class: Label,
    /// Where the requester is.
    pub region: Option<Label>,
    /// Where it may run; empty means anywhere.
    pub regions: Vec<Label>,
    /// Providers, owners or operators that may not serve it.
    pub deny: Vec<Key>,
    /// The most it would pay per 1,000,000 units, if there is a limit.
    pub max_unit_price: Option<UnitPrice>,
    /// The largest part that one owner may hold.
    pub max_share: Bps,
    /// The most leases at a time.
    pub max_leases: u16,
    /// The least active stake of a provider.
    pub min_provider_stake: Stake,
    /// The network's exposure rate.
    pub stake_per_million: StakePerMillion,
    /// How many shards; of each stage, if it has several.
    pub shards: u32,
    /// What one is expected to use.
    pub est_units_per_shard: Units,
    /// How long one may run, if that was said.
    pub time_limit_ms: Option<u64>,
    /// By when it should be done, from now, if that was said. Milliseconds.
    pub within_ms: Option<u64>,
    /// What it asks of its tier.
    pub service: Service,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Providers that could serve.
    pub candidates: u32,
    /// Their owners.
    pub owners: u32,
    /// Owners that `max_share` asks for.
    pub owners_needed: u32,
    /// The lowest price among them.
    pub price_low: Option<UnitPrice>,
    /// The middle one.
    pub price_median: Option<UnitPrice>,
    /// The highest one.
    pub price_high: Option<UnitPrice>,
    /// How many providers each limit rejected.
    pub rejects: Vec<(Limit, u32)>,
    /// What the tier that was asked would make of it.
    pub asked: TierQuote,
    /// What each tier would make of it, in the order of the tiers.
    pub tiers: Vec<TierQuote>,
}

impl Quote {
    /// Whether the job could be placed now.
    pub fn is_feasible(&self) -> bool {
        self.asked.reason.is_none()
    }

    /// What the work is expected to cost.
    pub fn expected_cost(&self) -> Payment {
        self.asked.expected_cost
    }
}

/// Answers a quote, or refuses terms that no job can have.
pub fn quote(engine: &Engine, request: &QuoteRequest) -> Result<Quote, Refusal> {
    check(request)?;
    let market = Market::of(engine, request);
    let tiers: Vec<TierQuote> = Tier::ALL.iter().map(|tier| tiers::of(engine, request, &market, *tier)).collect();
    let asked = tiers::of(engine, request, &market, request.tier);
    let prices = &market.prices;
    Ok(Quote {
        candidates: u32::try_from(prices.len()).unwrap_or(u32::MAX),
        owners: market.owners(),
        owners_needed: market.needed,
        price_low: prices.first().copied(),
        price_median: prices.get(prices.len() / 2).copied(),
        price_high: prices.last().copied(),
        rejects: market.rejects.clone(),
        asked,
        tiers,
    })
}

fn check(request: &QuoteRequest) -> Result<(), Refusal> {
    let bad = |what: &str| Err(Refusal::BadTerms(what.into()));
    if request.shards == 0 || request.est_units_per_shard.is_zero() {
        return bad("a quote needs at least one shard of at least one unit");
    }
    let needed = owners_needed(request.max_share.get());
    if needed == 0 || u32::from(request.max_leases) < needed {
        return bad("max_share needs more owners than max_leases allows: raise one of them");
    }
    if request.max_unit_price.is_some_and(UnitPrice::is_zero) {
        return bad("its maximum unit price is zero");
    }
    request.service.misfit(request.tier, request.shards).map_or(Ok(()), |what| Err(Refusal::BadTerms(what)))
}

#[cfg(test)]
mod tests;
