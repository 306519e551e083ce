//! What is offered and wanted now, by market: sums that are kept, so that a pass looks at what has changed since the
//! last one and at nothing else.
//!
//! Whatever changes what is counted of a provider or a job says so (`provider_changed`, `job_changed`). Before the sums
//! are read each of those is counted again in place of what was counted of it before; so a sum is that of a full count,
//! which tests compare it with after every input.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::label::Label;
use mira_core::tier::Tier;

use crate::codec::{get, get_map, put, put_map};
use crate::engine::Engine;
use crate::serve;
use crate::share::Class;

/// Providers alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub(super) struct Kind {
    /// Where they are.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub(super) region: Label,
    /// Slots of each that take work.
    pub(super) slots: u16,
}

/// One owner's part of a market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Owner {
    /// Its providers that offer.
    providers: u64,
    /// Slots that take work.
    pub(super) slots: u64,
    /// Slots that run.
    pub(super) running: u64,
}

/// One market.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Seen {
    /// Slots that take work.
    pub(super) slots: u64,
    /// Slots that run.
    pub(super) running: u64,
    /// Shards that wait in open jobs.
    pub(super) waiting: u64,
    /// Interactive shards and requests that run or wait.
    pub(super) interactive: u64,
    /// Of those, the ones that run.
    pub(super) interactive_running: u64,
    /// By owner.
    pub(super) owners: BTreeMap<Key, Owner>,
    /// Providers with a lease that requests may go to.
    pub(super) serving: BTreeMap<Kind, BTreeSet<Key>>,
}

/// What is counted of one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Part {
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    class: Class,
    owner: Key,
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    region: Label,
    slots: u16,
    shards: u64,
    /// Requests; nothing if it has no lease for any.
    routed: Option<u64>,
}

impl Part {
    fn kind(&self) -> Kind {
        Kind { region: self.region, slots: self.slots }
    }
}

/// What is counted of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Work {
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    class: Class,
    interactive: bool,
    waiting: u64,
    running: u64,
}

/// All markets, and what has changed of them.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Supply {
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    pub(super) markets: BTreeMap<Class, Seen>,
    parts: BTreeMap<Key, Part>,
    works: BTreeMap<Key, Work>,
    changed_providers: BTreeSet<Key>,
    changed_jobs: BTreeSet<Key>,
}

impl Seen {
    /// Slots that run or would run if they were there.
    pub(super) fn demand(&self) -> u64 {
        self.running.saturating_add(self.waiting)
    }

    fn add(&mut self, key: &Key, part: &Part) {
        let routed = part.routed.unwrap_or(0);
        let (slots, running) = (u64::from(part.slots), part.shards.saturating_add(routed));
        self.slots += slots;
        self.running += running;
        self.interactive += routed;
        self.interactive_running += routed;
        let owner = self.owners.entry(part.owner).or_default();
        owner.providers += 1;
        owner.slots += slots;
        owner.running += running;
        if part.routed.is_some() {
            self.serving.entry(part.kind()).or_default().insert(*key);
        }
    }

    /// Takes out what `add` put in.
    fn take(&mut self, key: &Key, part: &Part) {
        let routed = part.routed.unwrap_or(0);
        let (slots, running) = (u64::from(part.slots), part.shards.saturating_add(routed));
        self.slots -= slots;
        self.running -= running;
        self.interactive -= routed;
        self.interactive_running -= routed;
        if let Some(owner) = self.owners.get_mut(&part.owner) {
            owner.providers -= 1;
            owner.slots -= slots;
            owner.running -= running;
            if owner.providers == 0 {
                self.owners.remove(&part.owner);
            }
        }
        let kind = part.kind();
        if let Some(alike) = self.serving.get_mut(&kind) {
            alike.remove(key);
            if alike.is_empty() {
                self.serving.remove(&kind);
            }
        }
    }

    fn add_work(&mut self, work: &Work) {
        self.waiting += work.waiting;
        if work.interactive {
            self.interactive += work.waiting.saturating_add(work.running);
            self.interactive_running += work.running;
        }
    }

    fn take_work(&mut self, work: &Work) {
        self.waiting -= work.waiting;
        if work.interactive {
            self.interactive -= work.waiting.saturating_add(work.running);
            self.interactive_running -= work.running;
        }
    }
}

impl Supply {
    /// Something of a provider that is counted may have changed.
    pub(super) fn provider_changed(&mut self, key: &Key) {
        self.changed_providers.insert(*key);
    }

    /// Something of a job that is counted may have changed.
    pub(super) fn job_changed(&mut self, key: &Key) {
        self.changed_jobs.insert(*key);
    }

    /// Counts one provider in place of what was counted of it; says which owners of which markets that concerns.
    fn set_part(&mut self, key: &Key, part: Option<Part>, touched: &mut BTreeSet<(Class, Key)>) {
        let before = match part {
            Some(part) => self.parts.insert(*key, part),
            None => self.parts.remove(key),
        };
        if let Some(before) = before {
            self.change(before.class, |market| market.take(key, &before));
        }
        if let Some(part) = part {
            self.change(part.class, |market| market.add(key, &part));
        }
        touched.extend([before, part].into_iter().flatten().map(|part| (part.class, part.owner)));
    }

    fn set_work(&mut self, key: &Key, work: Option<Work>) {
        let before = match work {
            Some(work) => self.works.insert(*key, work),
            None => self.works.remove(key),
        };
        if let Some(before) = before {
            self.change(before.class, |market| market.take_work(&before));
        }
        if let Some(work) = work {
            self.change(work.class, |market| market.add_work(&work));
        }
    }

    /// A market in which nothing is offered or wanted is forgotten.
    fn change(&mut self, class: Class, change: impl FnOnce(&mut Seen)) {
        let market = self.markets.entry(class).or_default();
        change(market);
        if *market == Seen::default() {
            self.markets.remove(&class);
        }
    }
}

/// Counts what has changed. Returns the owners whose offers or running work are among it.
pub(super) fn refresh(engine: &mut Engine) -> BTreeSet<(Class, Key)> {
    let mut touched = BTreeSet::new();
    for key in std::mem::take(&mut engine.market.supply.changed_providers) {
        let part = part(engine, &key);
        engine.market.supply.set_part(&key, part, &mut touched);
    }
    for key in std::mem::take(&mut engine.market.supply.changed_jobs) {
        let work = work(engine, &key);
        engine.market.supply.set_work(&key, work);
    }
    touched
}

/// What there is of a provider: nothing before its first offer.
fn part(engine: &Engine, key: &Key) -> Option<Part> {
    let provider = engine.providers.get(key)?;
    let offer = provider.offer.as_ref()?;
    Some(Part {
        class: (offer.resource_class, offer.unit_kind),
        owner: provider.facts.owner,
        region: offer.region,
        slots: u16::try_from(provider.health.slots(offer.slots)).unwrap_or(u16::MAX),
        shards: provider.running.len() as u64,
        routed: serve::routed(engine, provider).map(|routed| routed as u64),
    })
}

/// What there is of a job: nothing unless it wants or runs something.
fn work(engine: &Engine, key: &Key) -> Option<Work> {
    let job = engine.jobs.get(key).filter(|job| job.open)?;
    let work = Work {
        class: (job.terms.resource_class, job.terms.unit_kind),
        interactive: job.terms.tier == Tier::Interactive,
        waiting: job.queue.len() as u64,
        running: job.running.len() as u64,
    };
    (work.waiting > 0 || work.running > 0).then_some(work)
}

/// Whoever was not said to have changed is counted as it is, and the sums are those of a full count.
#[cfg(test)]
pub(crate) fn check(engine: &Engine) {
    let supply = &engine.market.supply;
    for key in engine.providers.keys().chain(supply.parts.keys()) {
        let counted = supply.parts.get(key).copied();
        assert!(
            supply.changed_providers.contains(key) || counted == part(engine, key),
            "{key:?} is counted as {counted:?}"
        );
    }
    for key in engine.jobs.keys().chain(supply.works.keys()) {
        let counted = supply.works.get(key).copied();
        assert!(supply.changed_jobs.contains(key) || counted == work(engine, key), "{key:?} is counted as {counted:?}");
    }
    let mut again = Supply::default();
    let mut touched = BTreeSet::new();
    supply.parts.iter().for_each(|(key, part)| again.set_part(key, Some(*part), &mut touched));
    supply.works.iter().for_each(|(key, work)| again.set_work(key, Some(*work)));
    assert_eq!(supply.markets, again.markets);
}
