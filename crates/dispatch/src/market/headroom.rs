//! Which slots batch work leaves free for requests: a market's headroom, divided among the providers that requests may
//! go to.
//!
//! Each keeps the configured floor. What the headroom is above that is divided by slots, more of it near where requests
//! come from, and a provider keeps at most half of its slots: a batch job that has its leases there goes on. All of it
//! is given out, to the last slot (the largest remainders first), unless all keep their most.
//!
//! Providers of the same region and with as many slots are alike, so the division is one of kinds; of the last kind
//! that gets a slot more the first ones in the order of keys have it. A pass costs what there are of kinds, not of
//! providers.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::label::Label;

use super::supply::{Kind, Seen};
use crate::codec::{get_map, put_map};
use crate::decay::Rolling;

/// Regions that requests of one market are counted by; those of further ones are not.
const ORIGINS: usize = 256;

/// What one request counts, so that a few of them fade slowly in whole numbers.
const REQUEST: u64 = 1 << 20;

/// All of the requests, in millionths.
const ALL: u64 = 1_000_000;

/// The round trip at which nearness is half of what it is next door. Milliseconds.
const HALF_NEAR_MS: u64 = 20;

/// What each provider of a kind keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Kept {
    each: u64,
    /// One more, if its key is not after this one.
    more_until: Option<Key>,
}

/// What is kept of one market.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Headroom {
    kinds: BTreeMap<Kind, Kept>,
    /// Where requests came from lately.
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    origins: BTreeMap<Label, Rolling>,
}

impl Headroom {
    /// A request came from that region.
    pub(super) fn came(&mut self, origin: Label, now_ms: u64, half_life_ms: u64) {
        if self.origins.len() < ORIGINS || self.origins.contains_key(&origin) {
            self.origins.entry(origin).or_default().add(REQUEST, now_ms, half_life_ms);
        }
    }

    /// Slots that a provider which serves requests leaves free of other work, beside those that requests hold.
    pub(super) fn of(&self, provider: &Key, region: Label, slots: u16, floor: u16) -> u64 {
        let kept = self.kinds.get(&Kind { region, slots });
        kept.map_or(u64::from(floor.min(slots)), |kept| {
            kept.each + u64::from(kept.more_until.is_some_and(|until| *provider <= until))
        })
    }

    /// Where requests came from, in millionths of them. What has faded is forgotten.
    pub(super) fn origins(&mut self, now_ms: u64, half_life_ms: u64) -> Vec<(Label, u64)> {
        self.origins.retain(|_, sum| sum.at(now_ms, half_life_ms) > 0);
        let at = |sum: &Rolling| u128::from(sum.at(now_ms, half_life_ms));
        let total: u128 = self.origins.values().map(at).sum();
        let part = |sum: &Rolling| (at(sum) * u128::from(ALL)).checked_div(total).unwrap_or(0);
        self.origins.iter().map(|(label, sum)| (*label, u64::try_from(part(sum)).unwrap_or(ALL))).collect()
    }

    /// Divides a market's headroom; `near` says how near a region is to where requests come from.
    pub(super) fn divide(&mut self, seen: &Seen, headroom: u64, floor: u16, near: impl Fn(&Label) -> u64) {
        let kinds: Vec<Alike> = (seen.serving.iter())
            .map(|(kind, who)| {
                let floor = u64::from(floor.min(kind.slots));
                let most = u64::from(kind.slots / 2).max(floor);
                Alike {
                    count: who.len() as u64,
                    floor,
                    most,
                    weight: u64::from(kind.slots) * near(&kind.region).max(1),
                }
            })
            .collect();
        let shares = divide(headroom, &kinds);
        self.kinds = (seen.serving.iter().zip(shares))
            .map(|((kind, who), (each, more))| {
                let last = usize::try_from(more).ok().and_then(|more| more.checked_sub(1));
                (*kind, Kept { each, more_until: last.and_then(|last| who.iter().nth(last)).copied() })
            })
            .collect();
    }
}

/// How near a region is to where requests come from, which this says the round trips to, in milliseconds.
pub(super) fn nearness(origins: &[(Label, u64)], rtt_ms: impl Fn(&Label) -> u64) -> u64 {
    let near = |(origin, part): &(Label, u64)| part * ALL / (HALF_NEAR_MS + rtt_ms(origin));
    origins.iter().map(near).sum::<u64>() / ALL
}

/// Providers alike, as a division sees them.
#[derive(Clone, Copy, Debug)]
struct Alike {
    count: u64,
    /// What each gets at least.
    floor: u64,
    /// What each gets at most.
    most: u64,
    /// In proportion to what each gets more than the floor.
    weight: u64,
}

/// What each of a kind gets, and how many of it get one more.
fn divide(headroom: u64, kinds: &[Alike]) -> Vec<(u64, u64)> {
    let sum = |of: &dyn Fn(&Alike) -> u64| kinds.iter().map(|kind| u128::from(kind.count) * u128::from(of(kind))).sum();
    let (floors, rooms): (u128, u128) = (sum(&|kind| kind.floor), sum(&|kind| kind.most - kind.floor));
    let mut left = u128::from(headroom).saturating_sub(floors).min(rooms);
    let mut shares: Vec<(u64, u64)> = kinds.iter().map(|kind| (kind.floor, 0)).collect();
    let mut open: Vec<usize> = (0..kinds.len()).filter(|at| kinds[*at].most > kinds[*at].floor).collect();
    let weights = |open: &[usize]| -> u128 {
        open.iter().map(|at| u128::from(kinds[*at].count) * u128::from(kinds[*at].weight)).sum()
    };
    // Whoever's part is more than it may have gets that, and the others get more for it.
    loop {
        let total = weights(&open);
        let full =
            |at: &usize| left * u128::from(kinds[*at].weight) >= u128::from(kinds[*at].most - kinds[*at].floor) * total;
        let (filled, rest): (Vec<usize>, Vec<usize>) = open.iter().copied().partition(full);
        if filled.is_empty() {
            break;
        }
        for at in filled {
            shares[at].0 = kinds[at].most;
            left -= u128::from(kinds[at].count) * u128::from(kinds[at].most - kinds[at].floor);
        }
        open = rest;
    }
    let total = weights(&open);
    let exact = left;
    let mut remainders: Vec<(u128, usize)> = Vec::new();
    for at in open {
        let scaled = exact * u128::from(kinds[at].weight);
        let (whole, remainder) = (scaled.checked_div(total).unwrap_or(0), scaled.checked_rem(total).unwrap_or(0));
        shares[at].0 += u64::try_from(whole).unwrap_or(u64::MAX);
        left -= u128::from(kinds[at].count) * whole;
        remainders.push((remainder, at));
    }
    remainders.sort_unstable_by(|(a, at), (b, other)| b.cmp(a).then(at.cmp(other)));
    for (_, at) in remainders {
        let more = left.min(u128::from(kinds[at].count));
        shares[at].1 = u64::try_from(more).unwrap_or(u64::MAX);
        left -= more;
    }
    shares
}

#[cfg(test)]
mod tests;
