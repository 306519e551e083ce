//! What runs of the same shard say of each other.
//!
//! Two that agree outvote one. A run counts only if its owner and its operator are others than those of every
//! run before: what one party says twice is said once.

use mira_core::amount::Units;
use mira_core::{Hash, Key};
use mira_store::model::{AuditRow, AuditRun, AuditState};

/// Who computed a shard, and what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The lease.
    pub lease: Key,
    /// Its provider.
    pub provider: Key,
    /// That provider's owner.
    pub owner: Key,
    /// The key that accepted the lease.
    pub operator: Key,
    /// The output's content hash.
    pub output: Hash,
    /// The units that it claims: evidence, and not compared. How much one unit is depends on the executor.
    pub units: Units,
}

/// What is to be done about a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody else has to run it, for the second or third time.
    Ask,
    /// Another result is the same.
    Passed,
    /// The first is wrong: two others agree on something else.
    Failed,
    /// The second is wrong: the third agrees with the first.
    Cleared,
    /// All differ, or a run was not somebody else's.
    Inconclusive,
}

impl Ran {
    /// The sampled result.
    pub fn first(row: &AuditRow) -> Self {
        let AuditRow { lease, provider, owner, operator, output, units, .. } = *row;
        Self { lease, provider, owner, operator, output, units }
    }

    /// A later one.
    pub fn later(run: &AuditRun) -> Self {
        let AuditRun { lease, provider, owner, operator, output, units, .. } = *run;
        Self { lease, provider, owner, operator, output, units }
    }

    /// Whether it is of another party.
    fn is_apart_from(&self, other: &Self) -> bool {
        let keys = [other.owner, other.operator];
        self.provider != other.provider && !keys.contains(&self.owner) && !keys.contains(&self.operator)
    }
}

/// What a result and the later runs of the same shard say, in the order in which they were asked for. More than
/// two later ones are not looked at.
pub fn standing(first: &Ran, later: &[Ran]) -> Standing {
    match later {
        [] => Standing::Ask,
        [second, ..] if !second.is_apart_from(first) => Standing::Inconclusive,
        [second, ..] if second.output == first.output => Standing::Passed,
        [_] => Standing::Ask,
        [second, third, ..] if !third.is_apart_from(first) || !third.is_apart_from(second) => Standing::Inconclusive,
        [_, third, ..] if third.output == first.output => Standing::Cleared,
        [second, third, ..] if third.output == second.output => Standing::Failed,
        _ => Standing::Inconclusive,
    }
}

/// Whom the next run must not come from: owners and operators of those that there are, each once.
pub fn excluded(first: &Ran, later: &[Ran]) -> Vec<Key> {
    let mut keys = Vec::new();
    for key in [first].into_iter().chain(later).flat_map(|ran| [ran.owner, ran.operator]) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

impl Standing {
    /// As it is stored, after so many later runs.
    pub fn state(self, later: usize) -> AuditState {
        match self {
            Self::Ask if later == 0 => AuditState::Sampled,
            Self::Ask => AuditState::Mismatch,
            Self::Passed => AuditState::Passed,
            Self::Failed => AuditState::Failed,
            Self::Cleared => AuditState::Cleared,
            Self::Inconclusive => AuditState::Inconclusive,
        }
    }

    /// Whose result is wrong.
    pub fn wrong(self, first: &Ran, later: &[Ran]) -> Option<Ran> {
        match self {
            Self::Failed => Some(*first),
            Self::Cleared => later.first().copied(),
            Self::Ask | Self::Passed | Self::Inconclusive => None,
        }
    }
}

#[cfg(test)]
mod tests;
