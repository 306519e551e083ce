//! An owner's part of a market's slots.
//!
//! Slots are what a provider says it has. They count up to twice as many as its owner was seen to run at the same
//! time, and a few more: who claims a thousand and runs three is taken for nine, and who fills what it is given is
//! soon taken at its word. By owner, so that cutting a machine into many changes nothing.
//!
//! Only whoever is counted again is looked at, and whoever's peak has faded so far that less of its claim counts: when
//! that will be is known beforehand.

use std::collections::{BTreeMap, BTreeSet};

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
    /// What ran at the last pass, and at each pass since it was counted.
    runs: u64,
    /// The most that ran at the same time.
    peak: Rolling,
    /// What counts.
    counted: u64,
    /// When less counts, or nothing is to be remembered any more, if nothing but time passes. Unix milliseconds.
    due_ms: Option<u64>,
}

/// What the owners of one market can run.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Capacity {
    owners: BTreeMap<Key, Owner>,
    /// Those of whom less will count, by when.
    due: BTreeSet<(u64, Key)>,
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
        self.change(owner, self.at_ms, |held| held.slots = held.slots.saturating_add(u64::from(slots)));
    }

    /// Fewer slots are offered.
    pub(crate) fn remove(&mut self, owner: &Key, slots: u16) {
        self.change(owner, self.at_ms, |held| held.slots = held.slots.saturating_sub(u64::from(slots)));
    }

    /// Slots of an owner that take work and those that run now; until it is counted again as many run.
    pub(crate) fn count(&mut self, owner: &Key, slots: u64, runs: u64, now_ms: u64) {
        let last_ms = self.at_ms;
        self.change(owner, now_ms, |held| {
            held.peak.raise(held.runs, last_ms, PEAK_HALF_LIFE_MS);
            held.peak.raise(runs, now_ms, PEAK_HALF_LIFE_MS);
            (held.slots, held.runs) = (slots, runs);
        });
    }

    /// Time has passed: counts again of whom less counts by now, and says who that was.
    pub(crate) fn fade(&mut self, now_ms: u64) -> Vec<Key> {
        let mut faded = Vec::new();
        while let Some((_, owner)) = self.due.first().copied().filter(|(due_ms, _)| *due_ms <= now_ms) {
            self.change(&owner, now_ms, |_| {});
            faded.push(owner);
        }
        self.at_ms = now_ms;
        faded
    }

    fn change(&mut self, key: &Key, now_ms: u64, change: impl FnOnce(&mut Owner)) {
        let owner = self.owners.entry(*key).or_default();
        let before = *owner;
        change(owner);
        let (counted, due_ms) = counts(owner, now_ms);
        (owner.counted, owner.due_ms) = (counted, due_ms);
        if owner.slots == 0 && owner.runs == 0 && due_ms.is_none() {
            self.owners.remove(key);
        }
        self.total = self.total.saturating_sub(before.counted).saturating_add(counted);
        self.active = self.active.saturating_sub(u64::from(before.counted > 0)) + u64::from(counted > 0);
        if let Some(due_ms) = before.due_ms {
            self.due.remove(&(due_ms, *key));
        }
        self.due.extend(due_ms.map(|due_ms| (due_ms, *key)));
    }
}

/// What counts of an owner, and when less does by fading alone.
fn counts(owner: &Owner, now_ms: u64) -> (u64, Option<u64>) {
    let most = |seen: u64| owner.slots.min(seen.saturating_mul(TIMES_SEEN).saturating_add(UNSEEN));
    let seen = owner.peak.at(now_ms, PEAK_HALF_LIFE_MS).max(owner.runs);
    // Below so much of a peak less of the claim counts; of one that claims nothing only the peak is remembered.
    let enough = match owner.slots {
        0 => 1,
        slots => slots.saturating_sub(UNSEEN).div_ceil(TIMES_SEEN),
    };
    let least = seen.min(enough);
    let fades = least > owner.runs;
    let due_ms = if fades { owner.peak.below_at_ms(least, now_ms, PEAK_HALF_LIFE_MS) } else { None };
    (most(seen), due_ms)
}

#[cfg(test)]
mod tests;
