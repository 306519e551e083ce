//! An owner's part of a market's slots.
//!
//! Slots are what a provider says it has. They count up to twice as many as its owner was seen to run at the same
//! time, and a few more: who claims a thousand and runs three is taken for nine, and who fills what it is given is
//! soon taken at its word. By owner, so that cutting a machine into many changes nothing.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::decay::Rolling;
use crate::share::ALL_PPM;

/// Slots that an owner has without having shown them.
const UNSEEN: u64 = 64;

/// How often its proven slots an owner's claim counts.
const TIMES_SEEN: u64 = 2;

/// After how long a peak counts half. Milliseconds.
const PEAK_HALF_LIFE_MS: u64 = 86_400_000;

#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Owner {
    /// Claimed, of its providers that take work.
    slots: u64,
    /// The most that ran at the same time.
    peak: Rolling,
    /// What counts.
    counted: u64,
}

/// What the owners of one market can run.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Capacity {
    owners: BTreeMap<Key, Owner>,
    total: u64,
    /// Owners of whom anything counts.
    active: u64,
    at_ms: u64,
}

impl Capacity {
    /// An owner's part, in millionths.
    pub(crate) fn share_ppm(&self, owner: &Key) -> u64 {
        let share = u128::from(self.of(owner)) * u128::from(ALL_PPM);
        share.checked_div(u128::from(self.total)).map_or(0, |share| u64::try_from(share).unwrap_or(ALL_PPM))
    }

    /// An equal part among the owners that have any, in millionths, rounded up.
    pub(crate) fn equal_ppm(&self) -> u64 {
        ALL_PPM.div_ceil(self.active.max(1))
    }

    /// The slots of an owner that count.
    pub(crate) fn of(&self, owner: &Key) -> u64 {
        self.owners.get(owner).map_or(0, |owner| owner.counted)
    }

    /// More slots are offered.
    pub(crate) fn add(&mut self, owner: &Key, slots: u16) {
        self.change(owner, |held| held.slots = held.slots.saturating_add(u64::from(slots)));
    }

    /// Fewer slots are offered.
    pub(crate) fn remove(&mut self, owner: &Key, slots: u16) {
        self.change(owner, |held| held.slots = held.slots.saturating_sub(u64::from(slots)));
    }

    /// Slots that take work and slots that run now, by owner. Whoever is not named has none of either.
    pub(crate) fn recount(&mut self, counted: &BTreeMap<Key, (u64, u64)>, now_ms: u64) {
        self.at_ms = now_ms;
        self.owners.retain(|key, owner| counted.contains_key(key) || owner.peak.at(now_ms, PEAK_HALF_LIFE_MS) > 0);
        for (key, owner) in &mut self.owners {
            owner.slots = counted.get(key).map_or(0, |(slots, _)| *slots);
        }
        for (key, (slots, running)) in counted {
            let owner = self.owners.entry(*key).or_default();
            owner.slots = *slots;
            owner.peak.raise(*running, now_ms, PEAK_HALF_LIFE_MS);
        }
        (self.total, self.active) = (0, 0);
        for owner in self.owners.values_mut() {
            owner.counted = counts(owner, now_ms);
            self.total = self.total.saturating_add(owner.counted);
            self.active += u64::from(owner.counted > 0);
        }
    }

    fn change(&mut self, key: &Key, change: impl FnOnce(&mut Owner)) {
        let owner = self.owners.entry(*key).or_default();
        change(owner);
        let before = std::mem::replace(&mut owner.counted, 0);
        owner.counted = counts(owner, self.at_ms);
        self.total = self.total.saturating_sub(before).saturating_add(owner.counted);
        self.active = self.active.saturating_sub(u64::from(before > 0)) + u64::from(owner.counted > 0);
    }
}

fn counts(owner: &Owner, now_ms: u64) -> u64 {
    let seen = owner.peak.at(now_ms, PEAK_HALF_LIFE_MS);
    owner.slots.min(seen.saturating_mul(TIMES_SEEN).saturating_add(UNSEEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capacity(counted: &[(u8, u64, u64)]) -> Capacity {
        let mut capacity = Capacity::default();
        capacity.recount(&counted.iter().map(|(id, slots, runs)| ([*id; 32], (*slots, *runs))).collect(), 1);
        capacity
    }

    #[test]
    fn shares_of_what_is_offered() {
        let four = capacity(&[(1, 10, 0), (2, 20, 0), (3, 10, 5)]);
        assert_eq!([1, 2, 3, 4].map(|id| four.share_ppm(&[id; 32])), [250_000, 500_000, 250_000, 0]);
        assert_eq!(Capacity::default().share_ppm(&[1; 32]), 0);
    }

    #[test]
    fn claims_count_as_far_as_they_were_seen() {
        let liar = capacity(&[(1, 60_000, 3), (2, 70, 70)]);
        assert_eq!((liar.of(&[1; 32]), liar.of(&[2; 32])), (UNSEEN + 6, 70));
    }

    #[test]
    fn offers_between_counts_add_up() {
        let mut both = capacity(&[(1, 10, 0)]);
        (0..40).for_each(|_| both.add(&[2; 32], 1));
        assert_eq!(both.share_ppm(&[2; 32]), 800_000, "forty providers are one owner");
        assert_eq!(both.equal_ppm(), 500_000);
        both.remove(&[2; 32], 40);
        assert_eq!((both.share_ppm(&[1; 32]), both.equal_ppm()), (ALL_PPM, ALL_PPM));
    }

    #[test]
    fn who_is_gone_counts_nothing_and_is_forgotten() {
        let mut two = capacity(&[(1, 10, 10), (2, 10, 0)]);
        two.recount(&BTreeMap::from([([2; 32], (10, 0))]), 2);
        assert_eq!((two.share_ppm(&[1; 32]), two.owners.len()), (0, 2), "its peak is remembered");
        two.recount(&BTreeMap::from([([2; 32], (10, 0))]), 10 * PEAK_HALF_LIFE_MS);
        assert_eq!(two.owners.len(), 1);
    }
}
