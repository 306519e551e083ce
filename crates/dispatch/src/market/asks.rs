//! The price that at least half of a market's capacity asks at most, kept while asks change: a change moves it past the
//! prices between the old middle and the new one, and nothing is sorted again.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::UnitPrice;

/// What the owners of one market ask, by the capacity of each.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Asks {
    /// Price and weight by owner.
    owners: BTreeMap<Key, (u64, u64)>,
    /// Weight by price.
    prices: BTreeMap<u64, u128>,
    total: u128,
    /// The middle: less than half of the weight asks less, at least half asks this or less.
    middle: u64,
    /// The weight that asks less.
    below: u128,
}

impl Asks {
    /// An owner asks this now, with such a weight; one without weight asks nothing.
    pub(super) fn set(&mut self, owner: &Key, price: Option<UnitPrice>, weight: u64) {
        let ask = price.map(|price| (price.get(), weight)).filter(|(_, weight)| *weight > 0);
        let before = match ask {
            Some(ask) => self.owners.insert(*owner, ask),
            None => self.owners.remove(owner),
        };
        if before == ask {
            return;
        }
        if let Some((price, weight)) = before {
            self.total -= u128::from(weight);
            self.below -= if price < self.middle { u128::from(weight) } else { 0 };
            if let Some(sum) = self.prices.get_mut(&price) {
                *sum -= u128::from(weight);
                if *sum == 0 {
                    self.prices.remove(&price);
                }
            }
        }
        if let Some((price, weight)) = ask {
            self.total += u128::from(weight);
            self.below += if price < self.middle { u128::from(weight) } else { 0 };
            *self.prices.entry(price).or_default() += u128::from(weight);
        }
        self.settle();
    }

    /// The middle; nothing without any weight.
    pub(super) fn median(&self) -> Option<UnitPrice> {
        (self.total > 0).then_some(UnitPrice::new(self.middle))
    }

    /// Moves the middle to where it belongs.
    fn settle(&mut self) {
        loop {
            let here = self.prices.get(&self.middle).copied().unwrap_or(0);
            if (self.below + here) * 2 < self.total {
                let Some(next) = self.middle.checked_add(1) else { return };
                let Some((price, _)) = self.prices.range(next..).next() else { return };
                (self.below, self.middle) = (self.below + here, *price);
            } else if self.below > 0 && self.below * 2 >= self.total {
                let Some((price, weight)) = self.prices.range(..self.middle).next_back() else { return };
                (self.below, self.middle) = (self.below - weight, *price);
            } else {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By definition, from a sorted list.
    fn sorted(asks: &BTreeMap<u8, (u64, u64)>) -> Option<UnitPrice> {
        let mut all: Vec<(u64, u64)> = asks.values().copied().filter(|(_, weight)| *weight > 0).collect();
        all.sort_unstable();
        let total: u128 = all.iter().map(|(_, weight)| u128::from(*weight)).sum();
        let mut passed = 0u128;
        all.into_iter().find_map(|(price, weight)| {
            passed += u128::from(weight);
            (passed * 2 >= total).then_some(UnitPrice::new(price))
        })
    }

    #[test]
    fn the_median_is_of_the_weight() {
        let of = |asks: &[(u64, u64)]| {
            let mut held = Asks::default();
            (0..).zip(asks).for_each(|(id, (price, weight)): (u8, _)| {
                held.set(&[id; 32], Some(UnitPrice::new(*price)), *weight);
            });
            held.median()
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(5, 0)]), None);
        assert_eq!(of(&[(30, 1), (10, 1), (20, 1)]), Some(UnitPrice::new(20)));
        assert_eq!(of(&[(30, 5), (10, 1), (20, 1)]), Some(UnitPrice::new(30)));
        assert_eq!(of(&[(u64::MAX, u64::MAX), (1, u64::MAX)]), Some(UnitPrice::new(1)));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default()
        })]
        #[test]
        fn is_the_sorted_lists_after_every_change(
            changes in prop::collection::vec((0u8..12, prop::option::of(0u64..20), 0u64..5), 0..200),
        ) {
            let (mut asks, mut model) = (Asks::default(), BTreeMap::new());
            for (owner, price, weight) in changes {
                asks.set(&[owner; 32], price.map(UnitPrice::new), weight);
                match price {
                    Some(price) => drop(model.insert(owner, (price, weight))),
                    None => drop(model.remove(&owner)),
                }
                prop_assert_eq!(asks.median(), sorted(&model));
            }
        }
    }
}
