//! One random schedule: a job over twelve shards, five providers, of which number 0 always lives.

use std::collections::{BTreeSet, VecDeque};

use mira_core::Key;
use mira_core::amount::{Bps, Payment, UnitPrice};
use proptest::prelude::*;

use crate::config::Config;
use crate::effect::{Assignment, Effect, Outcome};
use crate::input::{Claim, Fault, Offer, Place};
use crate::properties::invariants;
use crate::state::job::Job;
use crate::testing::{World, facts, job_terms, offer, pipeline_terms, provider_key};

/// The provider that always lives.
const ANCHOR: u8 = 0;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Join(u8, u64),
    Beat(u8),
    Pull(u8),
    Done(u8, u64),
    Fail(u8, Fault),
    /// A report about a claim that somebody held at some time.
    Late(usize, u64),
    Pass(u64),
    Open,
    Close(usize),
    Tick,
}

pub(crate) fn op() -> impl Strategy<Value = Op> {
    let id = 0u8..5;
    let fault = prop_oneof![Just(Fault::Module), Just(Fault::Node), Just(Fault::Undelivered)];
    prop_oneof![
        1 => (id.clone(), 1u64..1_200_000).prop_map(|(id, price)| Op::Join(id, price)),
        3 => id.clone().prop_map(Op::Beat),
        8 => id.clone().prop_map(Op::Pull),
        6 => (id.clone(), 1u64..160).prop_map(|(id, units)| Op::Done(id, units)),
        2 => (id, fault).prop_map(|(id, fault)| Op::Fail(id, fault)),
        1 => (0usize..64, 1u64..160).prop_map(|(index, units)| Op::Late(index, units)),
        4 => (1u64..9_000).prop_map(Op::Pass),
        3 => Just(Op::Open),
        1 => (0usize..16).prop_map(Op::Close),
        1 => Just(Op::Tick),
    ]
}

/// A world under a schedule, and what was handed out in it.
pub(crate) struct Simulation {
    pub(crate) world: World,
    terms: Place,
    held: Vec<VecDeque<Claim>>,
    past: Vec<Claim>,
    accepted: BTreeSet<u32>,
}

impl Simulation {
    pub(crate) fn new() -> Self {
        let mut terms = job_terms(1);
        terms.shards.truncate(12);
        Simulation::of(terms)
    }

    /// A pipeline of three stages over four inputs.
    pub(crate) fn pipeline() -> Self {
        Simulation::of(pipeline_terms(4, 2))
    }

    fn of(mut terms: Place) -> Self {
        // Enough that escrow is never what is missing: this is about shards.
        (terms.funded, terms.free) = (Payment::new(1_000_000), Payment::new(1_000_000));
        (terms.max_share, terms.max_leases) = (Bps::new(5_000).expect("bps"), 1_000);
        // Epochs so short that a schedule has several.
        let mut world = World::new(Config { epoch_ms: 10_000, epoch_records: 6, ..Config::default() });
        (0..3).for_each(|id| world.join(facts(id), offer(id)));
        world.place(&terms);
        let mut simulation =
            Simulation { world, terms, held: vec![VecDeque::new(); 5], past: Vec::new(), accepted: BTreeSet::new() };
        simulation.world.open_all(&simulation.terms.job);
        simulation
    }

    pub(crate) fn job(&self) -> &Job {
        &self.world.engine.jobs[&self.terms.job]
    }

    pub(crate) fn accepted(&self) -> usize {
        self.accepted.len()
    }

    pub(crate) fn run(&mut self, op: &Op) {
        match op {
            Op::Join(id, price) => {
                // The anchor's offer stays within the job's price.
                let price = if *id == ANCHOR { *price % 1_000_000 + 1 } else { *price };
                self.world.join(facts(*id), Offer { unit_price: UnitPrice::new(price), ..offer(*id) });
            }
            Op::Beat(id) => drop(self.world.beat(*id)),
            Op::Pull(id) => self.pull(*id),
            Op::Done(id, units) => {
                if let Some(claim) = self.held[usize::from(*id)].pop_front() {
                    let outcome = self.world.done(claim, *units);
                    self.note(&outcome);
                }
            }
            Op::Fail(id, fault) => {
                // The anchor lives: it may be wrong about a module, but it runs.
                let fault = if *id == ANCHOR && *fault == Fault::Node { Fault::Undelivered } else { *fault };
                if let Some(claim) = self.held[usize::from(*id)].pop_front() {
                    drop(self.world.fail(claim, fault));
                }
            }
            Op::Late(index, units) => {
                if let Some(claim) = self.past.get(*index % self.past.len().max(1)).copied() {
                    let outcome = self.world.done(claim, *units);
                    self.note(&outcome);
                }
            }
            Op::Pass(ms) => self.pass(*ms),
            Op::Open => drop(self.world.open_all(&self.terms.job)),
            Op::Close(index) => self.close(*index),
            Op::Tick => drop(self.world.tick()),
        }
        self.open_for_anchor();
        invariants::check(&self.world.engine, &self.terms.job);
    }

    /// Everybody who lives works, until nothing is left to do.
    pub(crate) fn calm(&mut self) {
        for _ in 0..400 {
            self.pass(1_000);
            for id in 0..5 {
                self.world.beat(id);
                self.pull(id);
                while let Some(claim) = self.held[usize::from(id)].pop_front() {
                    let outcome = self.world.done(claim, 90);
                    self.note(&outcome);
                }
            }
            if !self.job().proposals.is_empty() {
                self.world.open_all(&self.terms.job);
            }
            invariants::check(&self.world.engine, &self.terms.job);
            if self.job().is_complete() {
                break;
            }
        }
    }

    fn pull(&mut self, id: u8) {
        let Some(Assignment { claim, .. }) = self.world.pull(id) else { return };
        self.held[usize::from(id)].push_back(claim);
        self.past.push(claim);
    }

    /// Time passes; the anchor is heard of meanwhile.
    fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(2_000);
            left -= step;
            self.world.pass(step);
            self.world.beat(ANCHOR);
            self.open_for_anchor();
        }
    }

    fn close(&mut self, index: usize) {
        let leases = &self.world.engine.leases;
        let others: Vec<Key> =
            leases.iter().filter(|(_, lease)| lease.provider != provider_key(ANCHOR)).map(|(key, _)| *key).collect();
        if let Some(key) = others.get(index % others.len().max(1)) {
            drop(self.world.close_lease(key));
        }
    }

    /// The anchor takes what it is offered.
    fn open_for_anchor(&mut self) {
        let anchor = provider_key(ANCHOR);
        if self.job().proposals.values().any(|pending| pending.proposal.provider == anchor) {
            self.world.open_all(&self.terms.job);
        }
    }

    /// A shard is accepted once.
    fn note(&mut self, outcome: &Outcome) {
        for effect in &outcome.effects {
            let Effect::Accepted(accepted) = effect else { continue };
            let first = self.accepted.insert(accepted.claim.shard);
            let again = self.job().shard(accepted.claim.shard).is_some_and(|shard| {
                matches!(&shard.end, Some(crate::state::shard::End::Done { number, .. }) if *number == accepted.claim.attempt)
            });
            assert!(first || again, "shard {} was accepted from two attempts", accepted.claim.shard);
        }
    }
}
