//! A chain for tests: the protocol's executable model, with the events the program would emit.
//!
//! `mira_core::ledger` decides what happens; [`emit`] says it as events, from the state before and
//! after. So the fold can be compared with a model that knows nothing of events. The simulator of
//! `mira-testkit` drives it too, behind the feature `testing`.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(not(test), allow(dead_code, reason = "the simulator needs a part of what the tests do"))]

mod crowd;
mod emit;
mod script;
mod source;
mod story;

pub use crowd::Crowd;
pub use script::Move;
#[cfg(test)]
pub(crate) use script::moves;
pub use source::FakeSource;
#[cfg(test)]
pub(crate) use source::{block, hash};

use std::collections::HashMap;

use mira_chain::event::{AggregateKind, Event, EventId, RawEvent};
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::job::{JobTerms, job_id};
use mira_core::lease::LeaseTerms;
use mira_core::ledger::{Action, Ledger};
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_core::tier::{Tier, UnitKind};
use mira_core::{Key, Result};
use mira_store::model::{Ordinal, Projection};

use crate::apply::{PlacedEvent, Rows};
use crate::convert::ordinal;

/// The clock's first second.
pub(crate) const START: i64 = 1_700_000_000;

/// Addresses are made from a kind and a number, so that a failure can be read.
pub(crate) fn key(kind: u8, number: u8) -> Key {
    let mut key = [0; 32];
    key[0] = number;
    key[1] = kind;
    key
}

pub(crate) fn provider(number: u8) -> Key {
    key(1, number)
}

/// Who owns a provider, or stakes with one.
pub fn owner(number: u8) -> Key {
    key(2, number)
}

/// A job's address.
pub fn job(number: u8) -> Key {
    key(5, number)
}

/// A lease's address. Its first byte names its fee shard.
pub fn lease(number: u8) -> Key {
    key(6, number)
}

/// Judges disputes.
pub(crate) fn verifier(number: u8) -> Key {
    key(3, number)
}

/// Approves epochs.
pub(crate) fn authority(number: u8) -> Key {
    key(4, number)
}

pub(crate) const ADMIN: Key = [12; 32];
pub(crate) const OPERATOR: Key = [3; 32];
pub(crate) const REQUESTER: Key = [4; 32];
pub(crate) const SIGNER: Key = [7; 32];

pub(crate) fn params() -> Params {
    Params {
        fee_bps: Bps::new(150).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(500_000),
        unbonding_secs: 200,
        max_lease_secs: 100,
        max_job_secs: 1_000,
        grace_secs: 20,
        dispute_window_secs: 30,
        job_id_window_secs: 5,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_000).unwrap(),
            min_bond: Stake::new(10),
            respond_secs: 10,
            vote_secs: 20,
            jail_secs: 50,
            max_slash_bps: Bps::new(5_000).unwrap(),
        },
        reward: RewardParams {
            share_bps: Bps::new(8_000).unwrap(),
            epoch_secs: 60,
            challenge_secs: 15,
            stale_secs: 25,
        },
    }
}

/// The model, the events not yet taken, and the numbers given so far. A clone goes its own way: a fork.
#[derive(Clone)]
pub struct Chain {
    pub(crate) ledger: Ledger,
    pub(crate) cluster: Key,
    seqs: HashMap<(AggregateKind, Key), u64>,
    events: Vec<Event>,
    transactions: u64,
}

impl Chain {
    pub(crate) fn new(cluster: Key) -> Self {
        let ledger = Ledger::initialize(ADMIN, params(), Profile::Local, START).unwrap();
        Self { ledger, cluster, seqs: HashMap::new(), events: Vec::new(), transactions: 0 }
    }

    /// `initialize`.
    pub(crate) fn initialize(&mut self) {
        let event = self.network_event();
        self.events.push(event);
    }

    /// `initialize`, all sixteen shards, three verifiers and authorities, a provider with stake and a funded
    /// job: numbers 0.
    pub fn furnished(cluster: Key) -> Self {
        let mut chain = Self::new(cluster);
        chain.initialize();
        for shard in 0..16 {
            chain.run(Action::InitFeeShard { shard }).unwrap();
        }
        let verifiers = [0, 1, 2].map(verifier).to_vec();
        chain.run(Action::SetVerifiers { actor: ADMIN, keys: verifiers }).unwrap();
        let authorities = [0, 1, 2].map(authority).to_vec();
        chain.run(Action::SetRewardAuthorities { actor: ADMIN, keys: authorities }).unwrap();
        chain.run(register(0)).unwrap();
        chain.run(Action::Stake { provider: provider(0), staker: owner(0), amount: Stake::new(1_000_000) }).unwrap();
        let terms = terms(chain.ledger.now, 0);
        chain.run(Action::CreateJob { job: job(0), terms }).unwrap();
        chain.run(Action::FundJob { job: job(0), amount: Payment::new(100_000) }).unwrap();
        chain
    }

    /// Does one thing and records its event, or refuses it.
    ///
    /// # Errors
    /// What the protocol refuses; nothing has changed then.
    pub fn run(&mut self, action: Action) -> Result<()> {
        let before = self.ledger.clone();
        self.ledger.apply(&action)?;
        if let Some(event) = self.event_of(&action, &before) {
            self.events.push(event);
        }
        Ok(())
    }

    pub(crate) fn open(&mut self, number: u8, cap: u64) -> Result<()> {
        let terms = LeaseTerms {
            unit_price: UnitPrice::new(2_000_000),
            cap: Payment::new(cap),
            expires_at: self.ledger.now + 50,
        };
        self.run(Action::OpenLease {
            lease: lease(number),
            job: job(0),
            provider: provider(0),
            operator: OPERATOR,
            matcher: REQUESTER,
            terms,
        })
    }

    pub(crate) fn settle(&mut self, number: u8, amount: u64, units: u64) -> Result<()> {
        self.run(Action::Settle {
            lease: lease(number),
            signer: SIGNER,
            cumulative_amount: Payment::new(amount),
            cumulative_units: Units::new(units),
        })
    }

    /// The events so far, as those of one slot.
    pub fn take_raw(&mut self, slot: u64) -> Vec<RawEvent> {
        std::mem::take(&mut self.events).into_iter().map(|event| self.place(slot, &event)).collect()
    }

    /// As `take_raw`, decoded.
    pub(crate) fn take(&mut self, slot: u64) -> Vec<PlacedEvent> {
        self.take_raw(slot).iter().map(placed).collect()
    }

    /// Signatures are in no order, as on a real chain.
    fn place(&mut self, slot: u64, event: &Event) -> RawEvent {
        self.transactions += 1;
        let mut signature = [0; 64];
        signature[..8].copy_from_slice(&self.transactions.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let (discriminator, payload) = event.encode();
        let id = EventId { signature, ix: 0, inner_ix: 1 };
        RawEvent { id, slot, block_time: Some(self.ledger.now), discriminator, schema: payload[0], payload }
    }

    fn next(&mut self, kind: AggregateKind, key: Key) -> u64 {
        let seq = self.seqs.entry((kind, key)).or_default();
        *seq += 1;
        *seq
    }
}

/// An event, decoded.
pub(crate) fn placed(raw: &RawEvent) -> PlacedEvent {
    PlacedEvent { at: ordinal(raw), event: raw.decode().unwrap() }
}

pub(crate) fn register(number: u8) -> Action {
    let commission = Bps::new(500).unwrap();
    Action::RegisterProvider { provider: provider(number), owner: owner(number), operator: OPERATOR, commission }
}

pub(crate) fn terms(now: i64, number: u8) -> JobTerms {
    JobTerms {
        requester: REQUESTER,
        job_id: job_id(now, u32::from(number)).unwrap(),
        voucher_signer: SIGNER,
        dispatcher: None,
        spec_hash: [9; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(5_000_000),
        min_provider_stake: Stake::new(1),
        max_share: Bps::new(6_000).unwrap(),
        max_leases: 4,
        deadline: now + 500,
    }
}

/// Folds events slot by slot and gives all rows in key order.
pub(crate) fn folded(slots: &[Vec<PlacedEvent>]) -> Vec<Projection> {
    let mut rows = Rows::default();
    for slot in slots {
        crate::apply::fold(&mut rows, slot).expect("the model's events fold");
    }
    rows.take_changed()
}

/// A place for events that are made by hand.
pub(crate) fn at(slot: u64) -> Ordinal {
    Ordinal { slot, signature: [1; 64], ix: 0, inner_ix: 0 }
}
