//! Who could serve a job, and at which price.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};

use crate::engine::Engine;
use crate::place::ask::{Ask, Held, Seen};
use crate::place::limit::{Limit, rejects};
use crate::quote::QuoteRequest;
use crate::rtt::rtt_ms;
use crate::state::job::owners_needed;

/// One provider that could serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its owner: shares are counted by owner.
    pub(crate) owner: Key,
    /// What it asks per 1,000,000 units.
    pub(crate) price: UnitPrice,
    /// Shards that it could begin now.
    pub(crate) slots: u64,
    /// Its round trip to the requester. Milliseconds.
    pub(crate) rtt_ms: u32,
}

/// All that could serve.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    /// Of all providers, the lowest first.
    pub(crate) prices: Vec<UnitPrice>,
    /// The providers themselves, by key.
    pub(crate) candidates: Vec<Candidate>,
    /// Owners that `max_share` asks for.
    pub(crate) needed: u32,
    /// How many providers each limit rejected.
    pub(crate) rejects: Vec<(Limit, u32)>,
}

impl Market {
    /// The market as one lease of the job would see it: an equal part of the work for each owner that is needed.
    pub(crate) fn of(engine: &Engine, request: &QuoteRequest) -> Self {
        let needed = owners_needed(request.max_share.get());
        let per_owner = u64::from(request.shards.div_ceil(needed.max(1)));
        let share = Units::new(request.est_units_per_shard.get().saturating_mul(per_owner));
        let (declined, data) = (BTreeSet::new(), BTreeMap::new());
        let ask = Ask {
            tier: request.tier,
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
            needs: &request.service.needs,
            peers: &[],
        };
        let (held, view) = (Held::default(), engine.view());
        let mut rejected = vec![0u32; Limit::ALL.len()];
        let mut candidates = Vec::new();
        for seen in view.offers(&held) {
            let bits = rejects(&ask, &seen);
            bits.limits().for_each(|limit| rejected[limit.index()] += 1);
            if bits.is_feasible() {
                candidates.push(candidate(engine, request, &seen));
            }
        }
        let mut prices: Vec<UnitPrice> = candidates.iter().map(|candidate| candidate.price).collect();
        prices.sort_unstable();
        let rejects = Limit::ALL.into_iter().zip(rejected).filter(|(_, count)| *count > 0).collect();
        Market { prices, candidates, needed, rejects }
    }

    /// How many owners there are.
    pub(crate) fn owners(&self) -> u32 {
        let owners: BTreeSet<Key> = self.candidates.iter().map(|candidate| candidate.owner).collect();
        u32::try_from(owners.len()).unwrap_or(u32::MAX)
    }

    /// Each owner's best provider, the best owners first. The lower the rank, the better.
    pub(crate) fn best<R: Ord + Copy>(&self, rank: impl Fn(&Candidate) -> R) -> Vec<Candidate> {
        let mut best: BTreeMap<Key, Candidate> = BTreeMap::new();
        for candidate in &self.candidates {
            let held = best.entry(candidate.owner).or_insert(*candidate);
            if rank(candidate) < rank(held) {
                *held = *candidate;
            }
        }
        let mut best: Vec<Candidate> = best.into_values().collect();
        best.sort_by_key(|candidate| (rank(candidate), candidate.owner));
        best
    }
}

fn candidate(engine: &Engine, request: &QuoteRequest, seen: &Seen<'_>) -> Candidate {
    let rtt = |from| rtt_ms(&engine.config.seed, &from, &seen.offer.region);
    Candidate {
        owner: seen.provider.facts.owner,
        price: seen.offer.unit_price,
        slots: u64::try_from(seen.provider.free_slots()).unwrap_or(u64::MAX),
        rtt_ms: request.region.map_or(0, rtt),
    }
}

/// The average price, rounded up; zero without any.
pub(crate) fn average_ceil(prices: &[UnitPrice]) -> UnitPrice {
    let sum: u128 = prices.iter().map(|price| u128::from(price.get())).sum();
    let average = if prices.is_empty() { 0 } else { sum.div_ceil(prices.len() as u128) };
    UnitPrice::new(u64::try_from(average).unwrap_or(u64::MAX))
}
