//! Each aggregate's events are numbered from 1 without a gap.

use std::collections::HashMap;

use mira_chain::event::{Aggregate, AggregateKind};
use mira_core::Key;

use super::hole::{Hole, Holes};

/// The newest number of each aggregate.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    newest: HashMap<(AggregateKind, Key), u64>,
    /// What the events of the slot under way change: the ledger orders them by signature, which says nothing
    /// about time, so that they are looked at together.
    slot: u64,
    changes: Vec<Aggregate>,
}

impl Sequence {
    pub(super) fn aggregates(&self) -> u64 {
        u64::try_from(self.newest.len()).unwrap_or(u64::MAX)
    }

    /// Takes what the next event changes.
    pub(super) fn take(&mut self, slot: u64, aggregates: Vec<Aggregate>, holes: &mut Holes) {
        if slot != self.slot {
            self.end_slot(holes);
            self.slot = slot;
        }
        self.changes.extend(aggregates);
    }

    /// Numbers the slot's changes.
    pub(super) fn end_slot(&mut self, holes: &mut Holes) {
        let slot = self.slot;
        self.changes.sort_unstable();
        for Aggregate { kind, key, seq } in self.changes.drain(..) {
            let newest = self.newest.entry((kind, key)).or_default();
            let next = newest.saturating_add(1);
            if seq < next {
                holes.push(Hole::Repeated { kind, key, seq, slot });
            } else if seq > next {
                holes.push(Hole::Events { kind, key, first: next, last: seq.saturating_sub(1), slot });
            }
            *newest = seq.max(*newest);
        }
    }
}
