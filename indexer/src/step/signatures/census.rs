//! The comparison of the program's accounts with the rows: it finds aggregates of which no event was seen.

use mira_chain::event::AggregateKind;
use mira_chain::source::Aggregates;
use mira_store::model::ProjectionKey;

use super::Effect;
use crate::apply::row_of;

/// How often the accounts are read: about every hour of a cluster's slots. They are read once at the
/// start, too.
pub const CENSUS_SLOTS: u64 = 9_000;
/// Some servers show accounts that are newer than the slot they name, by as much as finality trails.
const SETTLE_SLOTS: u64 = 64;

/// What was counted, and when to count again.
#[derive(Clone, Debug, Default)]
pub(super) struct Census {
    /// Read, and compared once the index has passed the slot.
    counted: Option<(u64, Vec<ProjectionKey>)>,
    next: u64,
}

impl Census {
    /// What to do now that the index is complete up to `slot`.
    pub(super) fn due(&mut self, slot: u64) -> Option<Effect> {
        match self.counted.take_if(|(at, _)| slot >= at.saturating_add(SETTLE_SLOTS)) {
            Some((_, keys)) => Some(Effect::Find(keys)),
            None if self.counted.is_none() && slot >= self.next => {
                self.next = slot.saturating_add(CENSUS_SLOTS);
                Some(Effect::Count)
            }
            None => None,
        }
    }

    /// Takes what was read. The reward vault's account is made with the network, and nothing is numbered there
    /// before fees are swept: its row may be missing rightly.
    pub(super) fn counted(&mut self, aggregates: Aggregates) {
        let numbered = aggregates.keys.into_iter().filter(|(kind, _)| *kind != AggregateKind::Rewards);
        let mut keys: Vec<_> = numbered.map(|(kind, key)| row_of(kind, key)).collect();
        keys.sort_unstable();
        self.counted = Some((aggregates.slot, keys));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_compared_once_the_index_has_surely_passed_them() {
        let mut census = Census::default();
        assert_eq!(census.due(100), Some(Effect::Count));
        let keys = [(AggregateKind::Job, 1), (AggregateKind::Dispute, 2), (AggregateKind::Rewards, 3)];
        let keys = keys.map(|(kind, byte)| (kind, [byte; 32])).to_vec();
        census.counted(Aggregates { slot: 110, keys });
        assert_eq!(census.due(110 + SETTLE_SLOTS - 1), None);
        let (job, dispute) = (ProjectionKey::Job { job: [1; 32] }, ProjectionKey::Dispute { dispute: [2; 32] });
        let find = Effect::Find(vec![job, dispute]);
        assert_eq!(census.due(110 + SETTLE_SLOTS), Some(find));
        assert_eq!(census.due(110 + SETTLE_SLOTS), None);
        assert_eq!(census.due(100 + CENSUS_SLOTS), Some(Effect::Count));
    }
}
