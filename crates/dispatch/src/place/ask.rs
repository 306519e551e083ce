//! What one lease asks of a provider.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::amount::{Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::price::amount_ceil;
use mira_core::tier::{Tier, UnitKind};
use mira_core::{Hash, Key};

use crate::place::view::View;
use crate::service::Needs;
use crate::share::Class;
use crate::state::lease::affordable_units;
use crate::state::provider::{Provider, Terms};

/// The needs of one lease, whoever serves it.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// How it is served: what a score weighs.
    pub tier: Tier,
    /// What is metered.
    pub unit_kind: UnitKind,
    /// The machine needed.
    pub resource_class: Label,
    /// Where the requester is.
    pub region: Option<Label>,
    /// Where it may run; empty means anywhere.
    pub regions: &'a [Label],
    /// Providers, owners or operators that may not serve it.
    pub deny: &'a [Key],
    /// Providers that left a proposal of this job lying.
    pub declined: &'a BTreeSet<Key>,
    /// The most it pays per 1,000,000 units.
    pub max_unit_price: UnitPrice,
    /// The least active stake of a provider.
    pub min_provider_stake: Stake,
    /// The network's exposure rate.
    pub stake_per_million: StakePerMillion,
    /// The units that the lease should cover.
    pub want: Units,
    /// The least units that make it worth opening.
    pub least: Units,
    /// The most escrow that it may take.
    pub escrow: Payment,
    /// The most that one owner may hold of the job.
    pub owner_cap: Payment,
    /// Whether an owner that already holds a part of the job may not get more yet: the job is not
    /// spread over enough owners.
    pub new_owners_only: bool,
    /// The job's data: content hashes and sizes.
    pub data: &'a BTreeMap<Hash, u64>,
    /// What one slot needs of a machine.
    pub needs: &'a Needs,
    /// Regions of who serves the job already, for those who work in step.
    pub peers: &'a [Label],
}

impl Ask<'_> {
    /// The market that it asks in.
    pub fn class(&self) -> Class {
        (self.resource_class, self.unit_kind)
    }
}

/// What was promised and is not on chain yet, or is on chain and bounds what may be promised.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Caps that an owner holds of the job, proposals included.
    pub by_owner: BTreeMap<Key, Payment>,
    /// Stake that a provider's proposals of this plan will expose.
    pub exposure: BTreeMap<Key, Stake>,
    /// Regions of the job's usable leases and its proposals.
    pub regions: Vec<Label>,
    /// Providers without a slot left for this plan, and owners that have their part of its members.
    pub full: BTreeSet<Key>,
}

impl Held {
    /// What an owner holds of the job.
    pub fn of(&self, owner: &Key) -> Payment {
        self.by_owner.get(owner).copied().unwrap_or_default()
    }

    /// Owners that hold a part of the job.
    pub fn owners(&self) -> u32 {
        u32::try_from(self.by_owner.values().filter(|cap| !cap.is_zero()).count()).unwrap_or(u32::MAX)
    }

    /// Counts a lease that will be proposed.
    pub fn take(&mut self, provider: &Provider, cap: Payment, exposure: Stake) {
        let held = self.by_owner.entry(provider.facts.owner).or_default();
        *held = Payment::new(held.get().saturating_add(cap.get()));
        let exposed = self.exposure.entry(provider.facts.provider).or_default();
        *exposed = Stake::new(exposed.get().saturating_add(exposure.get()));
        self.at(provider);
    }

    /// Notes where somebody is who serves the job.
    pub fn at(&mut self, provider: &Provider) {
        let region = provider.offer.as_ref().map(|offer| offer.region);
        if let Some(region) = region.filter(|region| !self.regions.contains(region)) {
            self.regions.push(region);
        }
    }
}

/// A provider with an offer, seen by one ask.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// Its offer.
    pub offer: &'a Terms,
    /// What is promised already.
    pub held: &'a Held,
    /// The network around it.
    pub view: &'a View<'a>,
}

impl Seen<'_> {
    /// What the least useful lease would cost at this provider's price, or nothing if it is beyond
    /// any payment.
    pub fn least_cap(&self, ask: &Ask<'_>) -> Option<Payment> {
        amount_ceil(ask.least, self.offer.unit_price).ok().map(|cap| cap.max(Payment::new(1)))
    }

    /// What this provider's owner may still hold of the job.
    pub fn owner_room(&self, ask: &Ask<'_>) -> Payment {
        let held = self.held.of(&self.provider.facts.owner);
        Payment::new(ask.owner_cap.get().saturating_sub(held.get()))
    }

    /// The largest cap whose exposure this provider's stake still covers.
    pub fn stake_room(&self, ask: &Ask<'_>) -> Payment {
        if ask.stake_per_million.is_zero() {
            return Payment::MAX;
        }
        let planned = self.held.exposure.get(&self.provider.facts.provider).copied().unwrap_or_default();
        let free = self.provider.free_stake().get().saturating_sub(planned.get());
        // The exposure of a cap is a rate per 1,000,000, rounded up, as an amount of units is.
        let rate = UnitPrice::new(ask.stake_per_million.get());
        Payment::new(affordable_units(Payment::new(free), rate).get())
    }

    /// The cap of the lease that this provider would get: all that is wanted and every limit allows.
    pub fn cap(&self, ask: &Ask<'_>) -> Payment {
        let want = amount_ceil(ask.want, self.offer.unit_price).unwrap_or(Payment::MAX);
        want.min(ask.escrow).min(self.owner_room(ask)).min(self.stake_room(ask))
    }
}
