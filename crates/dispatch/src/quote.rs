//! What a job would cost and who could serve it, without promising anything.
//!
//! The same limits and sizes as a placement use, for a job funded as the quote recommends.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::price::amount_ceil;
use mira_core::tier::{Tier, UnitKind};
use std::collections::{BTreeMap, BTreeSet};

use crate::effect::Refusal;
use crate::engine::Engine;
use crate::place::ask::{Ask, Held, Seen};
use crate::place::choose::offers;
use crate::place::limit::{Limit, rejects};
use crate::service::Needs;
use crate::state::job::owners_needed;

/// Funding recommended above the expected cost, in percent: leases are sized with headroom, and a
/// replacement must find escrow although the lost lease still holds its own.
const FUNDING_PERCENT: u128 = 175;

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
    /// How many shards.
    pub shards: u32,
    /// What one is expected to use.
    pub est_units_per_shard: Units,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Why it could not be placed now, if so.
    pub reason: Option<String>,
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
    /// All units at the average price of the cheapest owners that are needed.
    pub expected_cost: Payment,
    /// What to fund the job with, so that a lost provider can be replaced.
    pub recommended_funding: Payment,
    /// How many providers each limit rejected.
    pub rejects: Vec<(Limit, u32)>,
}

impl Quote {
    /// Whether the job could be placed now.
    pub fn is_feasible(&self) -> bool {
        self.reason.is_none()
    }
}

/// Answers a quote, or refuses a tier that is not served and terms that no job can have.
pub fn quote(engine: &Engine, request: &QuoteRequest) -> Result<Quote, Refusal> {
    if request.tier != Tier::Batch {
        return Err(Refusal::TierNotServed(request.tier));
    }
    let needed = owners_needed(request.max_share.get());
    check(request, needed)?;
    let declined = BTreeSet::new();
    let data = BTreeMap::new();
    let width = needed.max(1);
    let share = Units::new(request.est_units_per_shard.get().saturating_mul(u64::from(request.shards.div_ceil(width))));
    let needs = Needs::default();
    let ask = Ask {
        unit_kind: request.unit_kind,
        resource_class: request.resource_class,
        region: request.region,
        regions: &request.regions,
        deny: &request.deny,
        declined: &declined,
        max_unit_price: request.max_unit_price.unwrap_or(UnitPrice::MAX),
        min_provider_stake: request.min_provider_stake,
        stake_per_million: request.stake_per_million,
        want: share,
        least: share,
        // Its funding is what the answer is about.
        escrow: Payment::MAX,
        owner_cap: Payment::MAX,
        new_owners_only: false,
        data: &data,
        needs: &needs,
    };
    let held = Held::default();
    let (feasible, rejected) = split(engine, &ask, &held);
    Ok(answer(request, needed, &feasible, rejected))
}

fn check(request: &QuoteRequest, needed: u32) -> Result<(), Refusal> {
    let bad = |what: &str| Err(Refusal::BadTerms(what.into()));
    if request.shards == 0 || request.est_units_per_shard.is_zero() {
        return bad("a quote needs at least one shard of at least one unit");
    }
    if needed == 0 || u32::from(request.max_leases) < needed {
        return bad("max_share needs more owners than max_leases allows: raise one of them");
    }
    if request.max_unit_price.is_some_and(UnitPrice::is_zero) {
        return bad("its maximum unit price is zero");
    }
    Ok(())
}

fn split<'a>(engine: &'a Engine, ask: &Ask<'_>, held: &'a Held) -> (Vec<Seen<'a>>, Vec<u32>) {
    let mut rejected = vec![0u32; Limit::ALL.len()];
    let mut feasible = Vec::new();
    for seen in offers(&engine.providers, held) {
        let bits = rejects(ask, &seen);
        bits.limits().for_each(|limit| rejected[limit.index()] += 1);
        if bits.is_feasible() {
            feasible.push(seen);
        }
    }
    (feasible, rejected)
}

fn answer(request: &QuoteRequest, needed: u32, feasible: &[Seen<'_>], rejected: Vec<u32>) -> Quote {
    let mut prices: Vec<UnitPrice> = feasible.iter().map(|seen| seen.offer.unit_price).collect();
    prices.sort_unstable();
    // The cheapest provider of each owner.
    let mut owners: BTreeMap<Key, UnitPrice> = BTreeMap::new();
    for seen in feasible {
        let best = owners.entry(seen.provider.facts.owner).or_insert(seen.offer.unit_price);
        *best = (*best).min(seen.offer.unit_price);
    }
    let mut by_owner: Vec<UnitPrice> = owners.into_values().collect();
    by_owner.sort_unstable();
    let count = u32::try_from(by_owner.len()).unwrap_or(u32::MAX);
    let units = Units::new(request.est_units_per_shard.get().saturating_mul(u64::from(request.shards)));
    let cheapest = &by_owner[..by_owner.len().min(usize::try_from(needed.max(1)).unwrap_or(usize::MAX))];
    let expected_cost = amount_ceil(units, average_ceil(cheapest)).unwrap_or(Payment::MAX);
    let funding = (u128::from(expected_cost.get()) * FUNDING_PERCENT).div_ceil(100);
    let reason = (count < needed)
        .then(|| format!("{count} owners can serve it and its max_share needs {needed}: see the rejects by limit"));
    Quote {
        reason,
        candidates: u32::try_from(feasible.len()).unwrap_or(u32::MAX),
        owners: count,
        owners_needed: needed,
        price_low: prices.first().copied(),
        price_median: prices.get(prices.len() / 2).copied(),
        price_high: prices.last().copied(),
        expected_cost,
        recommended_funding: Payment::new(u64::try_from(funding).unwrap_or(u64::MAX)),
        rejects: Limit::ALL.into_iter().zip(rejected).filter(|(_, count)| *count > 0).collect(),
    }
}

/// The average price, rounded up; zero without any.
fn average_ceil(prices: &[UnitPrice]) -> UnitPrice {
    let sum: u128 = prices.iter().map(|price| u128::from(price.get())).sum();
    let average = if prices.is_empty() { 0 } else { sum.div_ceil(prices.len() as u128) };
    UnitPrice::new(u64::try_from(average).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
