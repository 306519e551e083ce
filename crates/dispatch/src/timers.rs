//! What falls due when. A timer is a hint: whoever takes it looks again whether it still holds, so
//! nothing has to be cancelled.

use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::route::RouteId;

/// What may have fallen due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(crate) enum Due {
    /// A provider may be silent for too long.
    Beat(Key),
    /// An attempt may have taken too long.
    Attempt { job: Key, shard: u32, attempt: u32 },
    /// A proposal may have been left lying.
    Proposal { job: Key, id: u64 },
    /// A job may be past its deadline.
    Deadline(Key),
    /// A lease of an interactive job may be too short for one more request.
    Target(Key),
    /// A request may have taken too long.
    Route(RouteId),
    /// The market is to be looked at again.
    Market,
    /// A gang's reservation may be past its limit.
    Gang(Key),
    /// A job that is past may be forgotten.
    Forget(Key),
}

/// Timers in the order of their times, then of their kinds and keys: the same every time.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Timers(BTreeSet<(u64, Due)>);

impl Timers {
    pub(crate) fn set(&mut self, at_ms: u64, due: Due) {
        self.0.insert((at_ms, due));
    }

    /// Takes one back that is set, where they would pile up.
    pub(crate) fn clear(&mut self, at_ms: u64, due: Due) {
        self.0.remove(&(at_ms, due));
    }

    /// Takes the earliest that is due.
    pub(crate) fn pop(&mut self, now_ms: u64) -> Option<Due> {
        let first = *self.0.first()?;
        if first.0 > now_ms {
            return None;
        }
        self.0.remove(&first);
        Some(first.1)
    }

    pub(crate) fn next_ms(&self) -> Option<u64> {
        self.0.first().map(|(at_ms, _)| *at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_and_only_when_due() {
        let mut timers = Timers::default();
        timers.set(20, Due::Beat([1; 32]));
        timers.set(10, Due::Deadline([2; 32]));
        assert_eq!(timers.next_ms(), Some(10));
        assert_eq!(timers.pop(9), None);
        assert_eq!(timers.pop(30), Some(Due::Deadline([2; 32])));
        assert_eq!(timers.pop(30), Some(Due::Beat([1; 32])));
        assert_eq!(timers.pop(30), None);
    }
}
