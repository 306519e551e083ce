//! Providers that pull whenever they have a slot, and shards that take as long as the test says.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::{Bps, Payment};

use crate::config::Config;
use crate::input::{Claim, Place, ShardInput};
use crate::testing::{World, job_terms, key, provider_key};

/// Every provider beats at least this often. Milliseconds.
const BEAT_MS: u64 = 2_000;

/// A job of one requester, so large and so richly funded that leases never run short.
pub(crate) fn job(id: u8, requester: u8, shards: usize, funded: u64) -> Place {
    let mut terms = job_terms(id);
    terms.requester = key(10, requester);
    terms.shards = (0..shards).map(|_| ShardInput { input: key(6, 0), bytes: 100 }).collect();
    (terms.funded, terms.free) = (Payment::new(funded), Payment::new(funded));
    (terms.max_share, terms.max_leases) = (Bps::new(5_000).expect("bps"), 60);
    terms
}

/// What happened to one shard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) claim: Claim,
    pub(crate) requester: Key,
    pub(crate) started_ms: u64,
    pub(crate) took_ms: u64,
}

/// A world of providers that all serve every job.
pub(crate) struct Line {
    pub(crate) world: World,
    pub(crate) started: Vec<Run>,
    pub(crate) done_ms: BTreeMap<Key, u64>,
    providers: u8,
    running: BTreeMap<(u64, usize), usize>,
}

impl Line {
    pub(crate) fn new(providers: u8) -> Self {
        // Leases are roomy, so that who is served is decided by fairness and not by caps.
        let config = Config { headroom_percent: 400, ..Config::default() };
        let world = World::with(config, providers);
        Line { world, started: Vec::new(), done_ms: BTreeMap::new(), providers, running: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, terms: &Place) {
        self.world.place(terms);
        self.world.open_all(&terms.job);
        let leases = self.world.engine.jobs[&terms.job].leases.len();
        assert_eq!(leases, usize::from(self.providers), "a job of the line is served by everybody");
    }

    /// Runs until that time, or until `stop` says so. `took_ms` says how long a shard takes.
    pub(crate) fn run(&mut self, until_ms: u64, took_ms: &mut dyn FnMut(&Claim) -> u64, stop: &dyn Fn(&Line) -> bool) {
        loop {
            self.pull(took_ms);
            let next = self.running.first_key_value().map(|(at, index)| (*at, *index));
            let Some(((at_ms, order), index)) = next.filter(|((at_ms, _), _)| *at_ms <= until_ms) else { break };
            self.pass_to(at_ms);
            self.running.remove(&(at_ms, order));
            let run = self.started[index];
            self.world.done(run.claim, 90);
            if self.world.engine.jobs[&run.claim.job].is_complete() {
                self.done_ms.insert(run.claim.job, at_ms);
            }
            if stop(self) {
                return;
            }
        }
        self.pass_to(until_ms);
    }

    /// Slot time by requester in runs that ended between two times, or were cut off by them.
    pub(crate) fn slot_ms(&self, from_ms: u64, to_ms: u64) -> BTreeMap<Key, u64> {
        let mut sums = BTreeMap::new();
        for run in &self.started {
            let (start, end) = (run.started_ms.max(from_ms), (run.started_ms + run.took_ms).min(to_ms));
            *sums.entry(run.requester).or_default() += end.saturating_sub(start);
        }
        sums
    }

    fn pull(&mut self, took_ms: &mut dyn FnMut(&Claim) -> u64) {
        for id in 0..self.providers {
            while let Some(assignment) = self.world.pull(id) {
                let claim = assignment.claim;
                assert_eq!(claim.provider, provider_key(id));
                let took_ms = took_ms(&claim);
                let requester = self.world.engine.jobs[&claim.job].terms.requester;
                let index = self.started.len();
                self.running.insert((self.world.now_ms + took_ms, index), index);
                self.started.push(Run { claim, requester, started_ms: self.world.now_ms, took_ms });
            }
        }
    }

    fn pass_to(&mut self, at_ms: u64) {
        while self.world.now_ms < at_ms {
            let step = BEAT_MS.min(at_ms - self.world.now_ms);
            self.world.pass(step);
            (0..self.providers).for_each(|id| drop(self.world.beat(id)));
        }
    }
}

/// Jain's index of these, in parts of 10,000, rounded down.
pub(crate) fn jain(values: &[u64]) -> u128 {
    let sum: u128 = values.iter().map(|value| u128::from(*value)).sum();
    let squares: u128 = values.iter().map(|value| u128::from(*value) * u128::from(*value)).sum();
    10_000 * sum * sum / (values.len() as u128 * squares)
}

/// A sequence of numbers that is the same every time.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
