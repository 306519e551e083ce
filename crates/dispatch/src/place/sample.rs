//! Whom a decision looks at: everybody in a small network, a seeded few in a large one.
//!
//! Owners are drawn, and then one of an owner's providers: who runs a hundred of them is drawn no more often than who
//! runs one.
//!
//! A few are drawn from the offers of the asked class and within the asked price, half of them anywhere and half
//! among the cheapest owners; from the allowed regions only, if the job has such a rule; by turns from near and from
//! anywhere, if distance matters to its tier. If none of them is feasible everybody is looked at, so that a job goes
//! without a candidate only if there is none, and the counts that say why are exact.

use mira_core::Key;
use mira_core::amount::UnitPrice;
use mira_core::tier::Tier;

use crate::config::MAX_DRAWN;
use crate::place::ask::{Ask, Held, Seen};
use crate::place::draw::{Draw, Few, below};
use crate::place::index::{List, Offers};
use crate::place::limit::{Limit, RejectBits, rejects};
use crate::place::view::View;

/// The network up to which everybody is looked at.
pub(crate) const EVERYBODY: u32 = 256;

/// The most draws of one decision.
const DRAWS: u64 = 64;

/// The cheapest owners that half of the draws are from: one in so many, but not fewer than `CHEAPEST`.
const CHEAP_PART: usize = 16;
const CHEAPEST: usize = 32;

/// Of a cheapest owner, one of its cheapest so many.
const ITS_CHEAPEST: usize = 4;

/// The lanes of a decision's numbers.
const LANE_SUPPLY: u8 = 1;
const LANE_NEWCOMERS: u8 = 2;
const LANE_SURVEY: u8 = 3;
pub(crate) const LANE_EXPLORE: u8 = 4;

/// Who was looked at.
#[derive(Debug)]
pub(crate) struct Sample<'a> {
    /// Feasible ones, in the order of the draw: everybody, or at most `MAX_DRAWN`.
    pub(crate) feasible: Vec<Seen<'a>>,
    /// Rejected ones with what rejected them, likewise.
    pub(crate) others: Vec<(Seen<'a>, RejectBits)>,
    /// How many were looked at: all, or those that were drawn.
    pub(crate) looked_at: u32,
    /// How many of them each limit rejected, in the order of `Limit::ALL`.
    pub(crate) rejected: Vec<u32>,
}

impl<'a> Sample<'a> {
    fn new() -> Self {
        let (feasible, others) = (Vec::with_capacity(MAX_DRAWN), Vec::new());
        Sample { feasible, others, looked_at: 0, rejected: vec![0; Limit::ALL.len()] }
    }

    fn count(&mut self, bits: RejectBits) {
        self.looked_at = self.looked_at.saturating_add(1);
        bits.limits().for_each(|limit| self.rejected[limit.index()] += 1);
    }

    fn look(&mut self, ask: &Ask<'_>, seen: Seen<'a>) {
        let bits = rejects(ask, &seen);
        self.count(bits);
        if bits.is_feasible() {
            self.feasible.push(seen);
        } else if self.others.len() < MAX_DRAWN {
            self.others.push((seen, bits));
        }
    }
}

/// Looks at everybody, or at a few.
pub(crate) fn sample<'a>(view: &'a View<'a>, ask: &Ask<'_>, held: &'a Held, draw: &Draw) -> Sample<'a> {
    if view.index.total() > EVERYBODY {
        let few = few(view, ask, held, draw);
        if !few.feasible.is_empty() {
            return few;
        }
    }
    everybody(view, ask, held, draw)
}

/// Feasible newcomers, drawn evenly.
pub(crate) fn newcomers<'a>(view: &'a View<'a>, ask: &Ask<'_>, held: &'a Held, draw: &Draw) -> Vec<Seen<'a>> {
    let Some(offers) = view.index.class(&ask.class()) else { return Vec::new() };
    let mut sample = Sample::new();
    let pool = Pool::new(&offers.newcomers, ask.max_unit_price);
    for key in Picks::new(draw, LANE_NEWCOMERS, vec![pool], false) {
        if sample.feasible.len() == MAX_DRAWN {
            break;
        }
        if let Some(seen) = view.see(key, held) {
            sample.look(ask, seen);
        }
    }
    sample.feasible
}

/// Providers to be looked at one after the other, to find out whether there are enough: drawn evenly.
pub(crate) fn probes<'a>(view: &'a View<'a>, ask: &Ask<'_>, draw: &Draw) -> impl Iterator<Item = &'a Key> {
    let pools = view.index.class(&ask.class()).map(|offers| pools(offers, ask)).unwrap_or_default();
    Picks::new(draw, LANE_SURVEY, pools, false)
}

fn everybody<'a>(view: &'a View<'a>, ask: &Ask<'_>, held: &'a Held, draw: &Draw) -> Sample<'a> {
    let mut sample = Sample::new();
    let (mut feasible, mut others) = (Vec::new(), Few::new(MAX_DRAWN));
    for seen in view.offers(held) {
        let bits = rejects(ask, &seen);
        sample.count(bits);
        if bits.is_feasible() {
            feasible.push(seen);
        } else {
            others.show(draw.rank(&seen.provider.facts.provider), || (seen, bits));
        }
    }
    feasible
        .sort_by_cached_key(|seen| (draw.rank(&seen.provider.facts.owner), draw.rank(&seen.provider.facts.provider)));
    sample.feasible = feasible;
    sample.others = others.into_vec();
    sample
}

fn few<'a>(view: &'a View<'a>, ask: &Ask<'_>, held: &'a Held, draw: &Draw) -> Sample<'a> {
    let mut sample = Sample::new();
    let Some(offers) = view.index.class(&ask.class()) else { return sample };
    for key in Picks::new(draw, LANE_SUPPLY, pools(offers, ask), true) {
        if sample.feasible.len() == MAX_DRAWN {
            break;
        }
        if let Some(seen) = view.see(key, held) {
            sample.look(ask, seen);
        }
    }
    sample
}

/// From where to draw, by turns.
fn pools<'a>(offers: &'a Offers, ask: &Ask<'_>) -> Vec<Pool<'a>> {
    let regions = |labels: &mut dyn Iterator<Item = &mira_core::label::Label>| -> Vec<Pool<'a>> {
        let lists = labels.filter_map(|label| offers.regions.get(label));
        lists.map(|list| Pool::new(list, ask.max_unit_price)).filter(|pool| pool.within > 0).collect()
    };
    if !ask.regions.is_empty() {
        return regions(&mut ask.regions.iter());
    }
    let mut pools = match ask.tier {
        Tier::Interactive => regions(&mut ask.region.iter()),
        Tier::Training => regions(&mut ask.peers.iter()),
        Tier::Batch | Tier::Pipeline => Vec::new(),
    };
    pools.push(Pool::new(&offers.all, ask.max_unit_price));
    pools
}

/// The affordable part of a list.
#[derive(Clone, Copy, Debug)]
struct Pool<'a> {
    list: &'a List,
    price: UnitPrice,
    /// Owners with something affordable.
    within: usize,
}

impl<'a> Pool<'a> {
    fn new(list: &'a List, price: UnitPrice) -> Self {
        Pool { list, price, within: list.owners_within(price) }
    }

    /// One affordable provider, by two numbers below the limits that they are given: its owner's, and its own.
    fn pick(&self, cheap: bool, owner: impl Fn(usize) -> usize, own: impl Fn(usize) -> usize) -> Option<&'a Key> {
        let part = (self.within / CHEAP_PART).max(CHEAPEST).min(self.within);
        let owners = if cheap { part } else { self.within };
        let owned = self.list.owned(owner(owners)).filter(|_| owners > 0)?;
        let affordable = owned.rank(|(asked, _)| *asked <= self.price);
        let limit = if cheap { affordable.min(ITS_CHEAPEST) } else { affordable };
        owned.get(own(limit)).map(|(_, key)| key)
    }
}

/// Seeded draws without repetition.
struct Picks<'a, 'd> {
    draw: &'d Draw,
    lane: u8,
    pools: Vec<Pool<'a>>,
    /// Whether every second round of turns is from the cheapest part.
    cheap: bool,
    next: u64,
    /// Those of this draw and the other one of its pair.
    numbers: [u64; 4],
    seen: Vec<&'a Key>,
}

impl<'a, 'd> Picks<'a, 'd> {
    fn new(draw: &'d Draw, lane: u8, pools: Vec<Pool<'a>>, cheap: bool) -> Self {
        Picks { draw, lane, pools, cheap, next: 0, numbers: [0; 4], seen: Vec::with_capacity(2 * MAX_DRAWN) }
    }
}

impl<'a> Iterator for Picks<'a, '_> {
    type Item = &'a Key;

    fn next(&mut self) -> Option<&'a Key> {
        let turns = u64::try_from(self.pools.len()).ok().filter(|turns| *turns > 0)?;
        while self.next < DRAWS {
            let index = self.next;
            self.next += 1;
            if index.is_multiple_of(2) {
                self.numbers = self.draw.numbers(self.lane, index / 2);
            }
            let pool = self.pools.get(usize::try_from(index % turns).ok()?)?;
            let cheap = self.cheap && (index / turns).is_multiple_of(2);
            let [one, two, three, four] = self.numbers;
            let (owner, provider) = if index.is_multiple_of(2) { (one, two) } else { (three, four) };
            let below = |number: u64, limit: usize| {
                usize::try_from(below(number, u64::try_from(limit).unwrap_or(u64::MAX))).unwrap_or(0)
            };
            let Some(key) = pool.pick(cheap, |limit| below(owner, limit), |limit| below(provider, limit)) else {
                continue;
            };
            if !self.seen.contains(&key) {
                self.seen.push(key);
                return Some(key);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
