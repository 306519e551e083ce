//! One lease's provider: reject by the limits, draw from the rest, score, take the best.

use std::collections::BTreeMap;

use mira_core::amount::{Payment, UnitPrice};
use mira_core::{Hash, Key};

use crate::config::MAX_DRAWN;
use crate::place::ask::{Ask, Held, Seen};
use crate::place::draw::{Draw, Few};
use crate::place::limit::{Limit, rejects};
use crate::place::score::score;
use crate::record::{Candidate, PlacementRecord, Purpose, SCHEMA, Score, decision_id};
use crate::state::provider::Provider;

/// What names a decision.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// The engine's seed.
    pub seed: Hash,
    /// The job's spec.
    pub spec_hash: Hash,
    /// The how-manieth decision for this spec.
    pub counter: u64,
    /// What the lease is wanted for.
    pub purpose: Purpose,
    /// The dispatch epoch's number.
    pub epoch: u64,
    /// Its hash.
    pub epoch_hash: Hash,
}

/// A decision and what the winner would get.
#[derive(Clone, Debug)]
pub struct Choice {
    /// How it was taken.
    pub record: PlacementRecord,
    /// The winner, if anyone was feasible.
    pub winner: Option<Winner>,
}

/// Who serves the lease, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Winner {
    /// The provider.
    pub provider: Key,
    /// Its price per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The lease's cap.
    pub cap: Payment,
}

/// Takes one decision.
pub fn choose(providers: &BTreeMap<Key, Provider>, ask: &Ask<'_>, held: &Held, decision: Decision) -> Choice {
    let draw = Draw::new(&decision.seed, &decision.epoch_hash, &decision.spec_hash, decision.counter);
    let (mut feasible, mut others) = (Few::new(MAX_DRAWN), Few::new(MAX_DRAWN));
    let mut rejected = vec![0u32; Limit::ALL.len()];
    let mut considered = 0u32;
    for seen in offers(providers, held) {
        considered = considered.saturating_add(1);
        let bits = rejects(ask, &seen);
        bits.limits().for_each(|limit| rejected[limit.index()] += 1);
        let rank = draw.rank(&seen.provider.facts.provider);
        if bits.is_feasible() {
            feasible.show(rank, || seen);
        } else {
            others.show(rank, || candidate(&seen, bits, None));
        }
    }
    let drawn: Vec<_> = feasible.into_vec().into_iter().map(|seen| (seen, score(&decision.seed, ask, &seen))).collect();
    // A tie goes to the one drawn first.
    let mut order: Vec<_> = drawn.iter().collect();
    order.sort_by_key(|(_, score)| score.total);
    let winner = order.first().map(|(seen, _)| Winner {
        provider: seen.provider.facts.provider,
        unit_price: seen.offer.unit_price,
        cap: seen.cap(ask),
    });
    let runner_up = order.get(1).map(|(seen, _)| seen.provider.facts.provider);
    let scored = drawn.iter().map(|(seen, score)| candidate(seen, rejects(ask, seen), Some(*score)));
    let record = PlacementRecord {
        schema: SCHEMA,
        id: decision_id(&decision.seed, &decision.spec_hash, decision.counter),
        seed: decision.seed,
        spec_hash: decision.spec_hash,
        counter: decision.counter,
        purpose: decision.purpose,
        considered,
        rejected,
        candidates: scored.chain(others.into_vec()).collect(),
        winner: winner.map(|winner| winner.provider),
        runner_up,
        epoch: decision.epoch,
        epoch_hash: decision.epoch_hash,
    };
    Choice { record, winner }
}

/// The providers that have an offer, as one plan sees them.
pub fn offers<'a>(providers: &'a BTreeMap<Key, Provider>, held: &'a Held) -> impl Iterator<Item = Seen<'a>> {
    providers.values().filter_map(move |provider| {
        let offer = provider.offer.as_ref()?;
        Some(Seen { provider, offer, held })
    })
}

fn candidate(seen: &Seen<'_>, rejects: crate::place::limit::RejectBits, score: Option<Score>) -> Candidate {
    let facts = &seen.provider.facts;
    Candidate { provider: facts.provider, owner: facts.owner, unit_price: seen.offer.unit_price, rejects, score }
}
