//! A placement, decided again from its record: the draw, the winner and the runner-up follow from what it
//! lists.

use std::collections::BTreeSet;
use std::fmt;

use mira_core::Key;

use crate::config::MAX_DRAWN;
use crate::place::draw::Draw;
use crate::place::limit::Limit;
use crate::record::{Candidate, PlacementRecord, SCHEMA, decision_id};

/// What a record's candidates lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// Who wins.
    pub winner: Option<Key>,
    /// Who comes second.
    pub runner_up: Option<Key>,
}

/// Where a record contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is of a version whose rules these are not.
    Schema(u8),
    /// Its name is not that of its seed, specification and counter.
    Name,
    /// The candidate at this place was drawn before the one above it.
    Draw(usize),
    /// The candidate at this place has a score though a limit rejected it, or none though none did.
    Scored(usize),
    /// More candidates than are ever drawn or than there were, or two of one owner.
    Drawn,
    /// A limit rejected other numbers of providers than the list can have.
    Rejects(Limit),
    /// Another provider wins.
    Winner {
        /// Who it says won.
        recorded: Option<Key>,
        /// Who does.
        computed: Option<Key>,
    },
    /// Another provider comes second.
    RunnerUp {
        /// Who it says came second.
        recorded: Option<Key>,
        /// Who does.
        computed: Option<Key>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differs = |recorded: &Option<Key>, computed: &Option<Key>| match (recorded, computed) {
            (None, _) => "nobody is recorded and somebody is feasible",
            (_, None) => "somebody is recorded and nobody is feasible",
            _ => "another one has the lower score",
        };
        match self {
            Difference::Schema(schema) => write!(f, "schema: {schema} is not this version's {SCHEMA}"),
            Difference::Name => f.write_str("id: not the hash of seed, specification and counter"),
            Difference::Draw(at) => write!(f, "candidates[{at}]: drawn before the one above it"),
            Difference::Scored(at) => write!(f, "candidates[{at}]: has a score and a reject, or neither"),
            Difference::Drawn => f.write_str("candidates: not as many as are drawn"),
            Difference::Rejects(limit) => write!(f, "rejected: {} does not fit the candidates", limit.as_str()),
            Difference::Winner { recorded, computed } => write!(f, "winner: {}", differs(recorded, computed)),
            Difference::RunnerUp { recorded, computed } => write!(f, "runner_up: {}", differs(recorded, computed)),
        }
    }
}

/// Decides again from the record alone.
///
/// # Errors
/// Every place where the record says something else, in the order of its fields.
pub fn recompute(record: &PlacementRecord) -> Result<Recomputed, Vec<Difference>> {
    if record.schema != SCHEMA {
        return Err(vec![Difference::Schema(record.schema)]);
    }
    let mut found = Vec::new();
    if record.id != decision_id(&record.seed, &record.spec_hash, record.counter) {
        found.push(Difference::Name);
    }
    rejects(record, &mut found);
    candidates(record, &mut found);
    let computed = best(&record.candidates);
    if record.winner != computed.winner {
        found.push(Difference::Winner { recorded: record.winner, computed: computed.winner });
    }
    if record.runner_up != computed.runner_up {
        found.push(Difference::RunnerUp { recorded: record.runner_up, computed: computed.runner_up });
    }
    if found.is_empty() { Ok(computed) } else { Err(found) }
}

/// The lowest total wins, the one drawn first among equals.
fn best(candidates: &[Candidate]) -> Recomputed {
    let scored = candidates.iter().filter_map(|candidate| Some((candidate.score?.total, candidate.provider)));
    let mut order: Vec<(u32, Key)> = scored.collect();
    order.sort_by_key(|(total, _)| *total);
    let at = |place: usize| order.get(place).map(|(_, provider)| *provider);
    Recomputed { winner: at(0), runner_up: at(1) }
}

/// Who is listed: feasible ones first, one of an owner, the best first and equals in the order of the draw; then the others in
/// that order; of each up to a fixed number. The draw of a sample follows from the offers of its time, which a record does
/// not list: the whole log's replay shows it.
fn candidates(record: &PlacementRecord, found: &mut Vec<Difference>) {
    let draw = Draw::new(&record.seed, &record.epoch_hash, &record.spec_hash, record.counter);
    let place = |candidate: &Candidate| {
        let total = candidate.score.map(|score| score.total);
        let drawn = if total.is_some() { &candidate.owner } else { &candidate.provider };
        let unknown = record.is_sampled() || (total.is_some() && record.explored);
        (total.is_none(), total, (!unknown).then(|| draw.rank(drawn)))
    };
    for (at, candidate) in record.candidates.iter().enumerate() {
        if candidate.score.is_some() != candidate.rejects.is_feasible() {
            found.push(Difference::Scored(at));
        }
        let above = at.checked_sub(1).and_then(|above| record.candidates.get(above));
        let before = above.map(|above| (place(above), place(candidate)));
        if before.is_some_and(|(above, this)| above > this || (above == this && this.2.is_some())) {
            found.push(Difference::Draw(at));
        }
    }
    let scored = record.candidates.iter().filter(|candidate| candidate.score.is_some());
    let (feasible, owners) = scored.fold((0, BTreeSet::new()), |(count, mut owners), candidate| {
        owners.insert(candidate.owner);
        (count + 1, owners)
    });
    let others = record.candidates.len() - feasible;
    let considered = usize::try_from(record.considered).unwrap_or(usize::MAX);
    let too_many = feasible > MAX_DRAWN || others > MAX_DRAWN || record.candidates.len() > considered;
    if too_many || owners.len() < feasible || record.looked_at > record.considered {
        found.push(Difference::Drawn);
    }
}

/// No limit rejected fewer than are listed, or more than were looked at; just those if all are listed.
fn rejects(record: &PlacementRecord, found: &mut Vec<Difference>) {
    let others = record.candidates.iter().filter(|candidate| candidate.score.is_none()).count();
    // Whoever was rejected and is not listed was left out because the list was full.
    let complete = others < MAX_DRAWN;
    for limit in Limit::ALL {
        let Some(counted) = record.rejected.get(limit.index()).copied() else {
            found.push(Difference::Rejects(limit));
            continue;
        };
        let listed = record.candidates.iter().filter(|candidate| candidate.rejects.has(limit)).count();
        let listed = u32::try_from(listed).unwrap_or(u32::MAX);
        if counted < listed || counted > record.looked_at || (complete && counted != listed) {
            found.push(Difference::Rejects(limit));
        }
    }
}

#[cfg(test)]
mod tests;
