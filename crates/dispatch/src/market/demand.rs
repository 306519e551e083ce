//! What is offered and wanted now, by market: one pass over providers and open jobs.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::UnitPrice;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::serve;
use crate::share::Class;

/// One owner's part of a market.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    /// Slots that take work.
    pub(super) slots: u64,
    /// Slots that run.
    pub(super) running: u64,
    /// The lowest price that it asks.
    pub(super) lowest: UnitPrice,
}

/// One market.
#[derive(Clone, Debug, Default)]
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
}

impl Seen {
    /// Slots that run or would run if they were there.
    pub(super) fn demand(&self) -> u64 {
        self.running.saturating_add(self.waiting)
    }

    /// Slots and running slots by owner.
    pub(super) fn by_owner(&self) -> BTreeMap<Key, (u64, u64)> {
        self.owners.iter().map(|(key, owner)| (*key, (owner.slots, owner.running))).collect()
    }
}

/// Counts all markets.
pub(super) fn count(engine: &Engine) -> BTreeMap<Class, Seen> {
    let mut markets: BTreeMap<Class, Seen> = BTreeMap::new();
    for provider in engine.providers.values() {
        let Some(offer) = &provider.offer else { continue };
        let market = markets.entry((offer.resource_class, offer.unit_kind)).or_default();
        let routed = serve::routed(engine, provider).unwrap_or(0) as u64;
        let (slots, running) = (provider.health.slots(offer.slots) as u64, provider.running.len() as u64 + routed);
        market.slots += slots;
        market.running += running;
        market.interactive += routed;
        market.interactive_running += routed;
        let new = Owner { slots: 0, running: 0, lowest: offer.unit_price };
        let owner = market.owners.entry(provider.facts.owner).or_insert(new);
        owner.slots += slots;
        owner.running += running;
        owner.lowest = owner.lowest.min(offer.unit_price);
    }
    for job in engine.jobs.values().filter(|job| job.open) {
        let class = (job.terms.resource_class, job.terms.unit_kind);
        // A market that nobody offers in has no prices.
        let Some(market) = markets.get_mut(&class) else { continue };
        let (waiting, running) = (job.queue.len() as u64, job.running.len() as u64);
        market.waiting = market.waiting.saturating_add(waiting);
        if job.terms.tier == Tier::Interactive {
            market.interactive = market.interactive.saturating_add(waiting).saturating_add(running);
            market.interactive_running = market.interactive_running.saturating_add(running);
        }
    }
    markets
}
