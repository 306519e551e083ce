//! Owners' values in their order. All fade alike, so that time changes no order: only who gets or gives back moves.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::decay::Rolling;

/// Values by owner and in their order, which is rough: see `Rolling::rank`.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Ordered {
    sums: BTreeMap<Key, Rolling>,
    order: BTreeSet<(u64, Key)>,
}

impl Ordered {
    pub(super) fn get(&self, owner: &Key) -> Option<&Rolling> {
        self.sums.get(owner)
    }

    /// Owners from the one with the most on.
    pub(super) fn largest(&self) -> impl Iterator<Item = &Key> {
        self.order.iter().rev().map(|(_, owner)| owner)
    }

    pub(super) fn change(&mut self, owner: &Key, half_life_ms: u64, change: impl FnOnce(&mut Rolling)) {
        let sum = self.sums.entry(*owner).or_default();
        self.order.remove(&(sum.rank(half_life_ms), *owner));
        change(sum);
        self.order.insert((sum.rank(half_life_ms), *owner));
    }

    /// Drops owners of whom nothing is left: the last ones of the order.
    pub(super) fn forget(&mut self, now_ms: u64, half_life_ms: u64) {
        while let Some(entry) = self.order.first().copied() {
            if self.sums.get(&entry.1).is_some_and(|sum| sum.at(now_ms, half_life_ms) > 0) {
                return;
            }
            self.order.remove(&entry);
            self.sums.remove(&entry.1);
        }
    }

    /// Another half-life: another order.
    pub(super) fn rank_again(&mut self, half_life_ms: u64) {
        self.order = self.sums.iter().map(|(owner, sum)| (sum.rank(half_life_ms), *owner)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_LIFE_MS: u64 = 10_000;

    fn sums() -> Ordered {
        let mut sums = Ordered::default();
        for (id, amount, at_ms) in [(1, 1_000, 0), (2, 900, 10_000), (3, 5_000, 10_000), (4, 1, 0)] {
            sums.change(&[id; 32], HALF_LIFE_MS, |sum| sum.add(amount, at_ms, HALF_LIFE_MS));
        }
        sums
    }

    fn order(sums: &Ordered) -> Vec<u8> {
        sums.largest().map(|owner| owner[0]).collect()
    }

    #[test]
    fn the_order_is_of_what_is_left() {
        let mut sums = sums();
        assert_eq!(order(&sums), [3, 2, 1, 4]);
        sums.change(&[3; 32], HALF_LIFE_MS, |sum| sum.take(5_000, 10_000, HALF_LIFE_MS));
        sums.change(&[1; 32], HALF_LIFE_MS, |sum| sum.add(2_000, 20_000, HALF_LIFE_MS));
        assert_eq!(order(&sums), [1, 2, 4, 3]);
    }

    #[test]
    fn who_has_nothing_left_is_forgotten() {
        let mut sums = sums();
        sums.forget(0, HALF_LIFE_MS);
        assert_eq!(order(&sums), [3, 2, 1, 4]);
        sums.forget(120_000, HALF_LIFE_MS);
        assert_eq!((order(&sums), sums.sums.len()), (vec![3], 1), "5,000 are halved eleven times");
    }

    #[test]
    fn another_half_life_is_another_order() {
        let mut sums = sums();
        sums.rank_again(u64::MAX);
        assert_eq!(order(&sums), [3, 1, 2, 4], "nothing fades: 1,000 are more than 900");
    }
}
