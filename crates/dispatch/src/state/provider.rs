//! A provider: what the chain says, what it offers, how it fares.

use std::collections::BTreeSet;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::{Stake, UnitPrice};
use mira_core::label::Label;
use mira_core::tier::UnitKind;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::health::Health;
use crate::input::{Offer, ProviderFacts};
use crate::pack::Free;
use crate::service::Machine;
use crate::state::hold::Holds;

/// An offer without its sender.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Terms {
    /// Where the provider is.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub region: Label,
    /// What kind of machine it is.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub resource_class: Label,
    /// What it meters.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_kind: UnitKind,
    /// What it asks per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// Shards at the same time.
    pub slots: u16,
    /// What the machine has, if it says so.
    pub machine: Option<Machine>,
}

/// A provider that the engine knows.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Provider {
    /// What the chain says.
    pub facts: ProviderFacts,
    /// What it offers, once it did.
    pub offer: Option<Terms>,
    /// How it fares; meaningless before its first offer.
    pub health: Health,
    /// Content hashes it holds.
    pub cached: BTreeSet<Hash>,
    /// Attempts it holds: (job, shard, attempt).
    pub running: BTreeSet<(Key, u32, u32)>,
    /// Its leases of placed jobs, open ones.
    pub leases: BTreeSet<Key>,
    /// Proposals to it that are not leases yet: (job, number).
    pub proposals: BTreeSet<(Key, u64)>,
    /// What they will expose of its stake.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub pending_exposure: Stake,
    /// What its machine has promised to leases and proposals.
    pub holds: Holds,
}

impl Provider {
    pub(crate) fn new(facts: ProviderFacts, now_ms: u64) -> Self {
        Provider {
            facts,
            offer: None,
            health: Health::new(now_ms),
            cached: BTreeSet::new(),
            running: BTreeSet::new(),
            leases: BTreeSet::new(),
            proposals: BTreeSet::new(),
            pending_exposure: Stake::ZERO,
            holds: Holds::default(),
        }
    }

    pub(crate) fn take_offer(&mut self, offer: &Offer) {
        self.cached = offer.cached.iter().copied().collect();
        self.offer = Some(Terms {
            region: offer.region,
            resource_class: offer.resource_class,
            unit_kind: offer.unit_kind,
            unit_price: offer.unit_price,
            slots: offer.slots,
            machine: offer.machine.clone(),
        });
    }

    /// Whether an offer says what is known already.
    pub fn repeats(&self, offer: &Offer) -> bool {
        let same = self.offer.as_ref().is_some_and(|known| {
            known.region == offer.region
                && known.resource_class == offer.resource_class
                && known.unit_kind == offer.unit_kind
                && known.unit_price == offer.unit_price
                && known.slots == offer.slots
                && known.machine == offer.machine
        });
        same && self.holds_just(&offer.cached)
    }

    /// Whether these are the content hashes it is known to hold.
    pub fn holds_just(&self, cached: &[Hash]) -> bool {
        self.cached.len() == cached.len() && cached.iter().all(|hash| self.cached.contains(hash))
    }

    /// Active stake that neither leases nor proposals expose.
    pub fn free_stake(&self) -> Stake {
        let taken = self.facts.exposure.get().saturating_add(self.pending_exposure.get());
        Stake::new(self.facts.stake.get().saturating_sub(taken))
    }

    /// What its machine has, if it says so.
    pub fn machine(&self) -> Option<&Machine> {
        self.offer.as_ref()?.machine.as_ref()
    }

    /// What its machine has left, if it says what it has.
    pub fn free(&self) -> Option<Free> {
        self.machine().map(|machine| self.holds.free(machine))
    }

    /// Slots that could take a shard now.
    pub fn free_slots(&self) -> usize {
        let slots = self.offer.as_ref().map_or(0, |offer| self.health.slots(offer.slots));
        slots.saturating_sub(self.running.len())
    }
}
