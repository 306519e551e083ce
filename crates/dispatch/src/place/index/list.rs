//! Owners in the order of their lowest prices, and each owner's providers in the order of theirs.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::UnitPrice;

use super::Who;
use super::ranked::Ranked;

/// Prices and who asks them, the lowest first.
pub(crate) type ByPrice = Ranked<(UnitPrice, Key)>;

/// Owners and their providers. An owner's providers are found by the owner's place without looking for its key: that is
/// what a draw does many times.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    /// Lowest prices, owners, and where their providers are.
    owners: Ranked<(UnitPrice, Key, usize)>,
    places: BTreeMap<Key, usize>,
    owned: Vec<ByPrice>,
    /// Places of owners that are gone.
    free: Vec<usize>,
}

impl List {
    /// How many owners ask at most this for something.
    pub(crate) fn owners_within(&self, price: UnitPrice) -> usize {
        self.owners.rank(|(asked, _, _)| *asked <= price)
    }

    /// The providers of the owner at a place in the order of lowest prices.
    pub(crate) fn owned(&self, place: usize) -> Option<&ByPrice> {
        self.owners.get(place).and_then(|(_, _, at)| self.owned.get(*at))
    }

    /// The least that an owner asks; nothing if it offers nothing.
    pub(crate) fn lowest(&self, owner: &Key) -> Option<UnitPrice> {
        self.owned.get(*self.places.get(owner)?)?.get(0).map(|(price, _)| *price)
    }

    pub(super) fn insert(&mut self, who: Who, price: UnitPrice) {
        self.change(&who.owner, |owned| owned.insert((price, who.provider)));
    }

    pub(super) fn remove(&mut self, who: Who, price: UnitPrice) {
        self.change(&who.owner, |owned| owned.remove(&(price, who.provider)));
    }

    fn change(&mut self, owner: &Key, change: impl FnOnce(&mut ByPrice)) {
        let at = *self.places.entry(*owner).or_insert_with(|| {
            self.free.pop().unwrap_or_else(|| {
                self.owned.push(ByPrice::default());
                self.owned.len() - 1
            })
        });
        let owned = &mut self.owned[at];
        let lowest = |owned: &ByPrice| owned.get(0).map(|(price, _)| (*price, *owner, at));
        let before = lowest(owned);
        change(owned);
        let after = lowest(owned);
        if after.is_none() {
            self.places.remove(owner);
            self.free.push(at);
        }
        if before != after {
            before.iter().for_each(|entry| self.owners.remove(entry));
            after.into_iter().for_each(|entry| self.owners.insert(entry));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_stands_where_its_lowest_price_does() {
        let mut list = List::default();
        let who = |owner: u8, id: u8| Who { provider: [id; 32], owner: [owner; 32] };
        let owners = |list: &List| list.owners.iter().map(|(price, key, _)| (price.get(), key[0])).collect::<Vec<_>>();
        list.insert(who(1, 11), UnitPrice::new(50));
        list.insert(who(2, 21), UnitPrice::new(40));
        list.insert(who(1, 12), UnitPrice::new(30));
        assert_eq!(owners(&list), [(30, 1), (40, 2)]);
        assert_eq!([29, 30, 40].map(|price| list.owners_within(UnitPrice::new(price))), [0, 1, 2]);
        assert_eq!(list.owned(0).map(|owned| owned.iter().count()), Some(2));
        list.remove(who(1, 12), UnitPrice::new(30));
        assert_eq!(owners(&list), [(40, 2), (50, 1)]);
        list.remove(who(2, 21), UnitPrice::new(40));
        // Whoever is not there cannot be taken out.
        list.remove(who(2, 21), UnitPrice::new(40));
        assert_eq!((owners(&list), list.places.len()), (vec![(50, 1)], 1));
        list.insert(who(3, 31), UnitPrice::new(60));
        assert_eq!(
            (list.owned.len(), list.lowest(&[3; 32])),
            (2, Some(UnitPrice::new(60))),
            "in the place of one that is gone"
        );
        assert_eq!(list.owned(1).and_then(|owned| owned.get(0)), Some(&(UnitPrice::new(60), [31; 32])));
    }
}
