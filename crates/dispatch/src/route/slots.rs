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
    /// `1 / slots`, as a factor of 2^64.
    inverse: u64,
}

impl Run {
    /// A run of nobody.
    pub(super) fn new(region: RegionId, slots: u16, place: u32) -> Self {
        Run { slots, region, place, len: 0, first: 0, inverse: u64::MAX / u64::from(slots.max(1)) }
    }

    /// The place of the member that has one of its slots, without division: exact below 2^32 for any size, because what
    /// the inverse lacks adds up to less than the part of a member that one slot is.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "no more than the slot's number")]
    fn place_of(&self, slot: u32) -> u32 {
        let count = u128::from(slot - self.first) + 1;
        self.place + ((count * u128::from(self.inverse)) >> 64) as u32
    }

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
    run.place_of(slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_that_of_a_division() {
        for slots in (1..=u16::MAX).step_by(7).chain([2, 3, 4, 8, u16::MAX - 1, u16::MAX]) {
            let run = Run { first: 5, ..Run::new(RegionId(0), slots, 0) };
            let size = u32::from(slots);
            let most = u32::MAX - 5;
            let edges = [0, 1, size - 1, size, size + 1, most / size * size - 1, most / size * size, most - 1, most];
            for within in edges {
                assert_eq!(run.place_of(5 + within), within / size, "slot {within} of {slots}");
            }
        }
    }

    #[test]
    fn runs_without_slots_are_passed_over() {
        let mut runs =
            [(0, 2), (4, 1), (0, 3), (7, 2)].map(|(slots, len)| Run { len, ..Run::new(RegionId(0), slots, 0) });
        let mut place = 0;
        for run in &mut runs {
            (run.place, place) = (place, place + run.len);
        }
        assert_eq!(number(&mut runs), 18);
        let places: Vec<u32> = (0..18).map(|slot| place_of(&runs, slot)).collect();
        assert_eq!(places, [[2; 4].as_slice(), &[6; 7], &[7; 7]].concat());
    }
}
