//! How the network's work spreads over owners, and how much of it one may get.
//!
//! A market is a class of machine with what it meters: slots of different markets are not comparable, so shares are
//! of one market. An owner's share is its part of what was proposed there lately, by value; it stays under twice its
//! part of the capacity, or 1 %, or an equal part among all owners if that is more: a job that must spread over two
//! owners finds both of two, however unequal they are, and of more than a hundred owners the equal part is under 1 %.
//! Counted by owner: how many providers it runs makes no difference.
//!
//! The limit looks at what an owner has before a lease, so it exceeds its limit by one lease at most, and the first
//! one is never in the way. Below a floor of value shares mean nothing and limit nobody; as old value fades, an owner
//! that was held back returns under the floor even where nobody else gets any work.

mod capacity;
mod concentration;
mod ordered;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::label::Label;
use mira_core::tier::UnitKind;

use crate::codec::{get, get_map, put, put_map};
use crate::decay::Rolling;
use crate::state::provider::Terms;

pub(crate) use capacity::Capacity;
pub use concentration::{Concentration, concentration};
use ordered::Ordered;

/// A class of machine and what it meters.
pub type Class = (Label, UnitKind);

/// All of a market, in millionths.
pub const ALL_PPM: u64 = 1_000_000;

/// The share that every owner may have, however small its capacity.
const LEAST_PPM: u64 = 10_000;

/// The order of owners is that of their values to one part in so many.
const ROUGH_PART: u64 = 10;

/// How often its share of the capacity an owner may have of the work.
const TIMES_CAPACITY: u64 = 2;

/// How shares are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Policy {
    /// After how long value counts half. Milliseconds.
    pub half_life_ms: u64,
    /// Value in a market below which shares limit nobody.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub floor: Payment,
}

impl Default for Policy {
    fn default() -> Self {
        // A day, so that a night's batch is still seen; one token of six decimals.
        Policy { half_life_ms: 86_400_000, floor: Payment::new(1_000_000) }
    }
}

/// What an owner has of a market and what it may have, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Its part of the value, or of the floor while there is less.
    pub share_ppm: u64,
    /// The most that it may have and still get a lease.
    pub limit_ppm: u64,
}

impl Bound {
    /// Whether it may get more.
    pub fn admits(self) -> bool {
        self.share_ppm <= self.limit_ppm
    }
}

/// The shares of all markets.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Shares(#[borsh(serialize_with = "put_map", deserialize_with = "get_map")] BTreeMap<Class, Market>);

#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Market {
    value: Rolling,
    by_owner: Ordered,
    capacity: Capacity,
}

impl Market {
    /// An owner's part of the value, or of this floor while there is less. In millionths.
    fn part_ppm(&self, floor: Payment, half_life_ms: u64, owner: &Key, now_ms: u64) -> u64 {
        let at = |sum: &Rolling| u128::from(sum.at(now_ms, half_life_ms));
        let all = at(&self.value).max(u128::from(floor.get()));
        let own = self.by_owner.get(owner).map_or(0, at);
        let part = (own * u128::from(ALL_PPM)).checked_div(all).unwrap_or(0);
        u64::try_from(part).unwrap_or(ALL_PPM).min(ALL_PPM)
    }

    /// The most that an owner may have and still get more. In millionths.
    fn limit_ppm(&self, owner: &Key) -> u64 {
        let limit = self.capacity.share_ppm(owner).saturating_mul(TIMES_CAPACITY);
        limit.max(self.capacity.equal_ppm()).clamp(LEAST_PPM, ALL_PPM)
    }
}

impl Shares {
    /// An owner's share of a market and its limit. A market that nobody offers in limits to the least share.
    pub fn bound(&self, policy: &Policy, class: &Class, owner: &Key, now_ms: u64) -> Bound {
        self.0.get(class).map_or(Bound { share_ppm: 0, limit_ppm: LEAST_PPM }, |market| Bound {
            share_ppm: market.part_ppm(policy.floor, policy.half_life_ms, owner, now_ms),
            limit_ppm: market.limit_ppm(owner),
        })
    }

    /// Whether an owner may get more of a market: as `bound` says, but its capacity is looked at only if it has more
    /// than the share that everybody may have.
    pub fn admits(&self, policy: &Policy, class: &Class, owner: &Key, now_ms: u64) -> bool {
        self.0.get(class).is_none_or(|market| {
            let share_ppm = market.part_ppm(policy.floor, policy.half_life_ms, owner, now_ms);
            share_ppm <= LEAST_PPM || share_ppm <= market.limit_ppm(owner)
        })
    }

    /// What an owner has of a market's value, in millionths: no floor, for scores.
    pub fn share_ppm(&self, policy: &Policy, class: &Class, owner: &Key, now_ms: u64) -> u64 {
        let market = self.0.get(class);
        market.map_or(0, |market| market.part_ppm(Payment::ZERO, policy.half_life_ms, owner, now_ms))
    }

    /// Owners that may get no more of a market now, in the order of their keys.
    pub(crate) fn held_back(&self, policy: &Policy, class: &Class, now_ms: u64) -> Vec<Key> {
        let largest = self.0.get(class).into_iter().flat_map(|market| market.by_owner.largest());
        let bounds = largest.map(|owner| (owner, self.bound(policy, class, owner, now_ms)));
        // Whoever has less is within the least share, which everybody may have.
        let large = bounds.take_while(|(_, bound)| bound.share_ppm > LEAST_PPM - LEAST_PPM / ROUGH_PART);
        let mut held: Vec<Key> = large.filter(|(_, bound)| !bound.admits()).map(|(owner, _)| *owner).collect();
        held.sort_unstable();
        held
    }

    /// Counts a lease that is proposed.
    pub(crate) fn propose(&mut self, policy: &Policy, class: Class, owner: Key, cap: Payment, now_ms: u64) {
        let market = self.0.entry(class).or_default();
        market.value.add(cap.get(), now_ms, policy.half_life_ms);
        market.by_owner.change(&owner, policy.half_life_ms, |sum| sum.add(cap.get(), now_ms, policy.half_life_ms));
    }

    /// Takes it back: nobody opened it.
    pub(crate) fn withdraw(&mut self, policy: &Policy, class: &Class, owner: &Key, cap: Payment, now_ms: u64) {
        let Some(market) = self.0.get_mut(class) else { return };
        market.value.take(cap.get(), now_ms, policy.half_life_ms);
        market.by_owner.change(owner, policy.half_life_ms, |sum| sum.take(cap.get(), now_ms, policy.half_life_ms));
    }

    /// An owner's provider offers something else than it did.
    pub(crate) fn offered(&mut self, owner: &Key, before: Option<&Terms>, after: &Terms) {
        if let Some(terms) = before {
            let class = (terms.resource_class, terms.unit_kind);
            self.0.entry(class).or_default().capacity.remove(owner, terms.slots);
        }
        let class = (after.resource_class, after.unit_kind);
        self.0.entry(class).or_default().capacity.add(owner, after.slots);
    }

    /// Counts an owner's slots in a market: those that take work and those that run.
    pub(crate) fn count(&mut self, class: Class, owner: &Key, slots: u64, runs: u64, now_ms: u64) {
        self.0.entry(class).or_default().capacity.count(owner, slots, runs, now_ms);
    }

    /// Time has passed: whose capacity counts less by now, by market.
    pub(crate) fn fade(&mut self, now_ms: u64) -> Vec<(Class, Key)> {
        let faded = |(class, market): (&Class, &mut Market)| {
            let class = *class;
            market.capacity.fade(now_ms).into_iter().map(move |owner| (class, owner))
        };
        self.0.iter_mut().flat_map(faded).collect()
    }

    /// Forgets owners of whose value nothing is left.
    pub(crate) fn forget(&mut self, policy: &Policy, now_ms: u64) {
        self.0.values_mut().for_each(|market| market.by_owner.forget(now_ms, policy.half_life_ms));
    }

    /// Other settings from now on.
    pub(crate) fn start(&mut self, policy: &Policy) {
        self.0.values_mut().for_each(|market| market.by_owner.rank_again(policy.half_life_ms));
    }

    /// What counts as an owner's capacity in a market.
    pub(crate) fn capacity(&self, class: &Class, owner: &Key) -> u64 {
        self.0.get(class).map_or(0, |market| market.capacity.of(owner))
    }
}

#[cfg(test)]
mod tests;
