//! Who offers what, kept in order, so that a decision looks at a few providers and not at all of them.
//!
//! By owner first: owners are drawn, and then one of an owner's providers, so that cutting a machine into many draws
//! no more often. The order is that of prices and keys, never that of arrival: the same offers give the same index.

mod list;
mod ranked;

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::label::Label;

use crate::share::Class;
use crate::state::provider::Terms;

pub(crate) use list::List;

/// The providers of one class of machine and one unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offers {
    pub(crate) all: List,
    pub(crate) newcomers: List,
    pub(crate) regions: BTreeMap<Label, List>,
}

/// A provider and its owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) provider: Key,
    pub(crate) owner: Key,
}

/// All offers.
#[derive(Clone, Debug, Default)]
pub struct Index {
    classes: BTreeMap<Class, Offers>,
    total: u32,
}

impl Index {
    /// The offers of one class; nothing if there never was one.
    pub(crate) fn class(&self, class: &Class) -> Option<&Offers> {
        self.classes.get(class)
    }

    /// Providers with an offer.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// The offers of all classes.
    #[cfg(test)]
    pub(crate) fn classes(&self) -> impl Iterator<Item = &Offers> {
        self.classes.values()
    }

    /// A provider offers something else than it did.
    pub(crate) fn offered(&mut self, who: Who, newcomer: bool, before: Option<&Terms>, after: &Terms) {
        if let Some(terms) = before {
            let offers = self.classes.entry(class(terms)).or_default();
            offers.all.remove(who, terms.unit_price);
            offers.newcomers.remove(who, terms.unit_price);
            offers.regions.entry(terms.region).or_default().remove(who, terms.unit_price);
        } else {
            self.total = self.total.saturating_add(1);
        }
        let offers = self.classes.entry(class(after)).or_default();
        offers.all.insert(who, after.unit_price);
        offers.regions.entry(after.region).or_default().insert(who, after.unit_price);
        if newcomer {
            offers.newcomers.insert(who, after.unit_price);
        }
    }

    /// A provider is no newcomer any more.
    pub(crate) fn establish(&mut self, who: Who, offer: Option<&Terms>) {
        if let Some(terms) = offer
            && let Some(offers) = self.classes.get_mut(&class(terms))
        {
            offers.newcomers.remove(who, terms.unit_price);
        }
    }
}

fn class(terms: &Terms) -> Class {
    (terms.resource_class, terms.unit_kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::provider::Provider;
    use crate::testing::{facts, label, offer, owner_key, provider_key};
    use mira_core::amount::UnitPrice;
    use mira_core::tier::UnitKind;

    fn terms(price: u64) -> Terms {
        let mut provider = Provider::new(facts(1), 0);
        provider.take_offer(&crate::input::Offer { unit_price: UnitPrice::new(price), ..offer(1) });
        provider.offer.expect("offer")
    }

    fn who(id: u8) -> Who {
        Who { provider: provider_key(id), owner: owner_key(id) }
    }

    fn order(list: &List) -> Vec<u8> {
        (0..list.owners_within(UnitPrice::MAX)).filter_map(|place| Some(list.owned(place)?.get(0)?.1[1])).collect()
    }

    #[test]
    fn follows_offers() {
        let mut index = Index::default();
        for (id, price) in [(1, 30), (2, 10), (3, 20)] {
            index.offered(who(id), id != 3, None, &terms(price));
        }
        let cpu = (label("cpu"), UnitKind::Fuel);
        let of = |index: &Index| order(&index.class(&cpu).expect("class").all);
        assert_eq!((of(&index), index.total()), (vec![2, 3, 1], 3));
        let offers = index.class(&cpu).expect("class");
        assert_eq!((order(&offers.newcomers), order(&offers.regions[&label("eu")])), (vec![2, 1], vec![2, 3, 1]));

        index.offered(who(2), true, Some(&terms(10)), &Terms { region: label("us"), ..terms(40) });
        assert_eq!((of(&index), index.total()), (vec![3, 1, 2], 3));
        index.establish(who(1), Some(&terms(30)));
        let offers = index.class(&cpu).expect("class");
        assert_eq!((order(&offers.newcomers), order(&offers.regions[&label("eu")])), (vec![2], vec![3, 1]));
        index.offered(who(3), false, Some(&terms(20)), &Terms { resource_class: label("gpu"), ..terms(40) });
        let gpu = index.class(&(label("gpu"), UnitKind::Fuel)).expect("class");
        assert_eq!((of(&index), order(&gpu.all), index.total()), (vec![1, 2], vec![3], 3));
    }
}
