//! Slots in a row: members that have as many slots each lie side by side, so that the member of a slot is found
//! among a few runs, however many members there are.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::region::RegionId;

/// Members side by side, of one region and with as many slots each, and where their slots begin in a list of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Run {
    /// Of each member.
    pub(super) slots: u16,
    pub(super) region: RegionId,
    /// Its first member.
    pub(super) place: u32,
    /// How many members it has.
    pub(super) len: u32,
    /// Its first slot.
    pub(super) first: u32,
}

impl Run {
    /// What runs are sorted by.
    pub(super) fn key(&self) -> (u16, RegionId) {
        (self.slots, self.region)
    }

    /// The slots of its members. There are never more than a `u32` holds: what is beyond is not drawn.
    pub(super) fn all_slots(&self) -> u32 {
        self.len.saturating_mul(u32::from(self.slots))
    }
}

/// Writes where the slots of each run of a list begin. Returns how many there are.
pub(super) fn number(runs: &mut [Run]) -> u32 {
    runs.iter_mut().fold(0, |first, run| {
        run.first = first;
        first.saturating_add(run.all_slots())
    })
}

/// Runs of all members, whatever their regions: as many as there are sizes, which are few.
pub(super) fn by_size(runs: &[Run]) -> Vec<Run> {
    let mut sizes: Vec<Run> = Vec::new();
    for run in runs {
        match sizes.last_mut().filter(|last| last.slots == run.slots) {
            Some(last) => last.len += run.len,
            None => sizes.push(*run),
        }
    }
    sizes
}

/// The place of the member that has a slot of a list of runs.
#[inline]
pub(super) fn place_of(runs: &[Run], slot: u32) -> u32 {
    let after = runs.partition_point(|run| run.first <= slot);
    let Some(run) = after.checked_sub(1).and_then(|run| runs.get(run)) else { return 0 };
    run.place + (slot - run.first) / u32::from(run.slots.max(1))
}
