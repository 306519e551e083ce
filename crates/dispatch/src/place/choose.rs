//! One lease's provider: reject by the limits, draw from the rest, score, take the best.
//!
//! In a fixed part of decisions, by the decision's own draw, newcomers compete among themselves: otherwise who has no
//! record would never get one. All of them together get no more than that part, however many there are.

use std::collections::BTreeSet;

use mira_core::amount::{Payment, UnitPrice};
use mira_core::{Hash, Key};

use crate::config::MAX_DRAWN;
use crate::place::ask::{Ask, Held, Seen};
use crate::place::draw::{Draw, below};
use crate::place::limit::RejectBits;
use crate::place::sample::{LANE_EXPLORE, Sample, newcomers, sample};
use crate::place::score::{Context, score};
use crate::place::view::View;
use crate::record::{Candidate, PlacementRecord, Purpose, SCHEMA, Score, decision_id};

/// What names a decision.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// The engine's seed.
    pub seed: Hash,
    /// The job's spec.
    pub spec_hash: Hash,
    /// Its number among the decisions for this spec.
    pub counter: u64,
    /// What the lease is wanted for.
    pub purpose: Purpose,
    /// The dispatch epoch's number.
    pub epoch: u64,
    /// Its hash.
    pub epoch_hash: Hash,
}

impl Decision {
    /// Its draws.
    pub(crate) fn draw(&self) -> Draw {
        Draw::new(&self.seed, &self.epoch_hash, &self.spec_hash, self.counter)
    }
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
pub fn choose(view: &View<'_>, ask: &Ask<'_>, held: &Held, decision: Decision) -> Choice {
    let draw = decision.draw();
    let Sample { mut feasible, others, looked_at, rejected } = sample(view, ask, held, &draw);
    let fresh = if explores(view, &feasible, &draw) { newcomers(view, ask, held, &draw) } else { Vec::new() };
    let explored = !fresh.is_empty();
    if explored {
        feasible = fresh;
    }
    let context = Context::new(decision.seed, ask, &feasible, explored);
    let drawn: Vec<_> = feasible.into_iter().map(|seen| (seen, score(&context, ask, &seen))).collect();
    // A tie goes to the one drawn first. Of an owner only the best stands.
    let mut order: Vec<_> = drawn.iter().collect();
    order.sort_by_key(|(_, score)| score.total);
    let mut owners = BTreeSet::new();
    order.retain(|(seen, _)| owners.insert(seen.provider.facts.owner));
    order.truncate(MAX_DRAWN);
    let winner = order.first().map(|(seen, _)| Winner {
        provider: seen.provider.facts.provider,
        unit_price: seen.offer.unit_price,
        cap: seen.cap(ask),
    });
    let runner_up = order.get(1).map(|(seen, _)| seen.provider.facts.provider);
    let scored = order.iter().map(|(seen, score)| candidate(seen, RejectBits::default(), Some(*score)));
    let others = others.iter().map(|(seen, bits)| candidate(seen, *bits, None));
    let record = PlacementRecord {
        schema: SCHEMA,
        id: decision_id(&decision.seed, &decision.spec_hash, decision.counter),
        seed: decision.seed,
        spec_hash: decision.spec_hash,
        counter: decision.counter,
        purpose: decision.purpose,
        considered: view.index.total(),
        rejected,
        candidates: scored.chain(others).collect(),
        winner: winner.map(|winner| winner.provider),
        runner_up,
        epoch: decision.epoch,
        epoch_hash: decision.epoch_hash,
        tier: ask.tier,
        looked_at,
        explored,
    };
    Choice { record, winner }
}

/// Whether this decision is for newcomers: by its draw, and only where they would compete with established providers.
fn explores(view: &View<'_>, feasible: &[Seen<'_>], draw: &Draw) -> bool {
    let part = u64::from(view.config.reputation.explore.get());
    below(draw.numbers(LANE_EXPLORE, 0)[0], 10_000) < part
        && feasible.iter().any(|seen| view.reputation.is_established(&seen.provider.facts.provider))
}

fn candidate(seen: &Seen<'_>, rejects: RejectBits, score: Option<Score>) -> Candidate {
    let facts = &seen.provider.facts;
    Candidate { provider: facts.provider, owner: facts.owner, unit_price: seen.offer.unit_price, rejects, score }
}

#[cfg(test)]
mod tests;
