//! A placed job: its terms, its shards, its leases and what it waits for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::{Payment, Units};
use mira_core::fee::share_floor;
use mira_core::tier::Tier;
use mira_core::{Hash, Key};

use crate::codec::{get, put};
use crate::effect::Proposal;
use crate::fair::durations::Durations;
use crate::input::Place;
use crate::quoted::Quoted;
use crate::record::Shortage;
use crate::service::shards_of;
use crate::state::shard::Shard;

/// A job that was placed, or that waits to be.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Job {
    /// What was asked for. What the chain may change of it is kept up to date: funding, leases, deadline and
    /// the network's terms.
    pub terms: Place,
    /// Its data: content hashes and sizes, modules included.
    pub data: BTreeMap<Hash, u64>,
    /// Whether it takes work.
    pub open: bool,
    /// Whether leases may be opened for it now.
    pub leasable: bool,
    /// Whether its first leases were proposed.
    pub placed: bool,
    /// Its shards, by index: see [`stages`](crate::state::stages).
    pub shards: Vec<Shard>,
    /// Shards that wait, the next one first. Those of a later stage once their input exists.
    pub queue: VecDeque<u32>,
    /// Shards with an attempt that may still report.
    pub running: BTreeSet<u32>,
    /// What a shard needs at least, as attempts showed that were stopped short of the job's limit.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub least_units: Units,
    /// All its leases, in the order in which they were seen.
    pub leases: Vec<Key>,
    /// Proposals that are not leases yet, oldest first.
    pub proposals: BTreeMap<u64, Pending>,
    /// Providers that left a proposal of it lying.
    pub declined: BTreeSet<Key>,
    /// Why it has no candidate for a lease that it wants.
    pub shortage: Option<Shortage>,
    /// The names of its placement decisions.
    pub decisions: Vec<Hash>,
    /// Slots of the providers that have its open leases, as offered when they were opened.
    pub width: u32,
    /// How long its shards took.
    pub durations: Durations,
    /// Counts.
    pub tally: Tally,
    /// Shards of later stages that have not ended, by who produced their input.
    pub near: BTreeMap<Key, BTreeSet<u32>>,
    /// When leases were asked for. Unix milliseconds.
    pub asked_ms: u64,
    /// When its first shard was handed out. Unix milliseconds.
    pub started_ms: Option<u64>,
    /// When its last shard ended. Unix milliseconds.
    pub ended_ms: Option<u64>,
    /// The quote on whose strength it was placed, if its requester named one.
    pub quoted: Option<Quoted>,
}

/// A proposal that is not a lease yet.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Pending {
    /// What was proposed.
    pub proposal: Proposal,
    /// When it is withdrawn. Unix milliseconds.
    pub expires_at_ms: u64,
}

/// A job's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tally {
    /// Shards with a result.
    pub done: u32,
    /// Shards given up.
    pub failed: u32,
    /// Shards taken from one attempt for another.
    pub redispatched: u32,
    /// Results that came second.
    pub duplicates: u32,
    /// Units of all results.
    pub units: u64,
    /// Time that the winning attempts took together. Milliseconds.
    pub busy_ms: u64,
    /// Attempts stopped to make room for a gang.
    pub preempted: u32,
}

impl Job {
    pub(crate) fn new(terms: Place, now_ms: u64) -> Self {
        let first = u32::try_from(terms.shards.len()).unwrap_or(u32::MAX);
        let count = usize::try_from(shards_of(first, terms.service.stages.len())).unwrap_or(usize::MAX);
        let later = terms.service.stages.iter().map(|stage| (stage.module, stage.bytes));
        let inputs = terms.shards.iter().map(|shard| (shard.input, shard.bytes));
        let data = inputs.chain(later).chain([(terms.module, terms.module_bytes)]).collect();
        Job {
            terms,
            data,
            open: true,
            leasable: true,
            placed: false,
            shards: vec![Shard { queued_at_ms: now_ms, ..Shard::default() }; count],
            queue: (0..first).collect(),
            running: BTreeSet::new(),
            least_units: Units::ZERO,
            leases: Vec::new(),
            proposals: BTreeMap::new(),
            declined: BTreeSet::new(),
            shortage: None,
            decisions: Vec::new(),
            width: 0,
            durations: Durations::default(),
            tally: Tally::default(),
            near: BTreeMap::new(),
            asked_ms: now_ms,
            started_ms: None,
            ended_ms: None,
            quoted: None,
        }
    }

    /// How many shards it has, all stages together.
    pub fn total(&self) -> u32 {
        u32::try_from(self.shards.len()).unwrap_or(u32::MAX)
    }

    /// Shards that have not ended.
    pub fn remaining(&self) -> u32 {
        self.total().saturating_sub(self.tally.done).saturating_sub(self.tally.failed)
    }

    /// Whether no shard is left. An interactive job is served by requests and goes on until it ends.
    pub fn is_complete(&self) -> bool {
        self.terms.tier != Tier::Interactive && self.remaining() == 0
    }

    /// What a shard is expected to use: what was stated, or more if the finished ones used more or
    /// stopped ones showed that they need more.
    pub fn expected_units(&self) -> Units {
        let seen = Units::new(self.tally.units.checked_div(u64::from(self.tally.done)).unwrap_or(0));
        self.terms.est_units.max(seen).max(self.least_units).min(self.terms.max_units)
    }

    /// How long a finished shard took on average. Milliseconds.
    pub fn pace_ms(&self) -> Option<u64> {
        self.tally.busy_ms.checked_div(u64::from(self.tally.done))
    }

    /// The owners that its `max_share` asks for: ⌈1 / max_share⌉.
    pub fn owners_needed(&self) -> u32 {
        owners_needed(self.terms.max_share.get())
    }

    /// The most that one owner's leases may hold together.
    pub fn owner_cap(&self) -> Payment {
        // A part of a u64 is a u64, so this never falls back.
        share_floor(self.terms.funded, self.terms.max_share).unwrap_or(Payment::ZERO)
    }

    /// Caps of proposals that are not leases yet.
    pub fn proposed(&self) -> Payment {
        let sum = self.proposals.values().fold(0u64, |sum, pending| sum.saturating_add(pending.proposal.cap.get()));
        Payment::new(sum)
    }

    /// Escrow that neither leases nor proposals hold.
    pub fn escrow_left(&self) -> Payment {
        Payment::new(self.terms.free.get().saturating_sub(self.proposed().get()))
    }

    /// Leases that may still be opened.
    pub fn leases_left(&self) -> usize {
        let taken = usize::from(self.terms.open_leases).saturating_add(self.proposals.len());
        usize::from(self.terms.max_leases).saturating_sub(taken)
    }

    /// Its state's name for people.
    pub fn as_str(&self) -> &'static str {
        if self.is_complete() {
            if self.tally.failed == 0 { "complete" } else { "failed" }
        } else if !self.open {
            "ended"
        } else if !self.placed {
            "waiting"
        } else if self.leases.is_empty() {
            "placing"
        } else {
            "running"
        }
    }

    /// One of its shards.
    pub fn shard(&self, index: u32) -> Option<&Shard> {
        self.shards.get(usize::try_from(index).ok()?)
    }

    pub(crate) fn shard_mut(&mut self, index: u32) -> Option<&mut Shard> {
        self.shards.get_mut(usize::try_from(index).ok()?)
    }

    /// Puts a shard before all others.
    pub(crate) fn requeue(&mut self, index: u32, now_ms: u64) {
        if let Some(shard) = self.shard_mut(index) {
            shard.queued_at_ms = now_ms;
            self.queue.push_front(index);
        }
    }

    /// Takes a shard out of the queue; it is mostly at the front.
    pub(crate) fn dequeue(&mut self, index: u32) {
        if let Some(place) = self.queue.iter().position(|queued| *queued == index) {
            self.queue.remove(place);
        }
    }
}

/// ⌈10,000 / max_share_bps⌉, and nobody for a share of zero, which no job has.
pub fn owners_needed(max_share_bps: u16) -> u32 {
    if max_share_bps == 0 { 0 } else { 10_000u32.div_ceil(u32::from(max_share_bps)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_for_a_share() {
        for (bps, owners) in [(10_000, 1), (9_999, 2), (5_000, 2), (3_334, 3), (3_333, 4), (1, 10_000), (0, 0)] {
            assert_eq!(owners_needed(bps), owners, "{bps} bps");
        }
    }
}
