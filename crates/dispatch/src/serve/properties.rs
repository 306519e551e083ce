//! Requests under random orders: escrow covers every attempt at any time, and nothing stays reserved.

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_core::tier::Tier;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::config::Config;
use crate::effect::Effect;
use crate::effect::route::Endpoint;
use crate::input::route::{FirstToken, Route, RouteEnd};
use crate::input::{Event, Place};
use crate::properties::{proofs, snapshots};
use crate::replay::replay;
use crate::route::{End, Leg, RouteId};
use crate::state::lease::affordable_units;
use crate::testing::{World, job_terms, provider_key};

const PROVIDERS: u8 = 5;

#[derive(Clone, Debug)]
enum Op {
    Request(u64),
    Hedge(usize),
    First(usize, Leg),
    End(usize, Leg, End, u64),
    Pass(u64),
    Beat(u8),
    Open,
    Close(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let leg = || prop_oneof![3 => Just(Leg::Primary), 1 => Just(Leg::Hedge)];
    let end = prop_oneof![
        6 => Just(End::Completed), 2 => Just(End::Cancelled), 1 => Just(End::Failed), 1 => Just(End::TimedOut)
    ];
    prop_oneof![
        8 => (1u64..=150).prop_map(Op::Request),
        3 => (0usize..16).prop_map(Op::Hedge),
        5 => (0usize..16, leg()).prop_map(|(at, leg)| Op::First(at, leg)),
        // A few claim more than they may.
        8 => (0usize..16, leg(), end, 0u64..155).prop_map(|(at, leg, end, units)| Op::End(at, leg, end, units)),
        4 => (1u64..3_000).prop_map(Op::Pass),
        6 => (0..PROVIDERS).prop_map(Op::Beat),
        2 => Just(Op::Open),
        1 => (0usize..8).prop_map(Op::Close),
    ]
}

fn terms() -> Place {
    let mut terms = job_terms(1);
    (terms.tier, terms.shards, terms.max_leases) = (Tier::Interactive, Vec::new(), 200);
    (terms.funded, terms.free) = (Payment::new(20_000), Payment::new(20_000));
    terms
}

struct Requests {
    world: World,
    known: Vec<RouteId>,
}

impl Requests {
    fn run(&mut self, op: &Op) {
        let route = |at: usize| self.known.get(at % self.known.len().max(1)).copied();
        let at_us = self.world.now_ms * 1_000;
        let event = match *op {
            Op::Request(units) => {
                Some(Event::Route(Route { job: terms().job, origin: None, max_units: Units::new(units) }))
            }
            Op::Hedge(at) => route(at).map(Event::Hedge),
            Op::First(at, leg) => route(at).map(|route| Event::FirstToken(FirstToken { route, leg, at_us })),
            Op::End(at, leg, end, units) => route(at).map(|route| {
                Event::RouteEnd(RouteEnd { route, leg, first_token_us: None, end, units: Units::new(units) })
            }),
            Op::Pass(ms) => {
                self.world.pass(ms);
                Some(Event::Tick)
            }
            Op::Beat(id) => {
                self.world.beat(id);
                None
            }
            Op::Open => {
                self.world.open_all(&terms().job);
                None
            }
            Op::Close(at) => {
                let leases: Vec<Key> = self.world.engine.leases.keys().copied().collect();
                if let Some(lease) = leases.get(at % leases.len().max(1)) {
                    self.world.close_lease(lease);
                }
                None
            }
        };
        let effects = event.map(|event| self.world.feed(event).effects).unwrap_or_default();
        for effect in &effects {
            match effect {
                Effect::Routed(to) => {
                    self.known.push(to.route);
                    self.known.drain(..self.known.len().saturating_sub(16));
                    self.may_serve(&to.primary);
                    to.backup.iter().for_each(|backup| self.may_serve(backup));
                }
                Effect::Hedged(to) => self.may_serve(&to.target),
                _ => {}
            }
        }
        self.check();
    }

    /// Only an open lease within the price, of a provider that takes work.
    fn may_serve(&self, endpoint: &Endpoint) {
        let engine = &self.world.engine;
        let lease = &engine.leases[&endpoint.lease];
        assert!(lease.open && lease.unit_price <= terms().max_unit_price && lease.provider == endpoint.provider);
        assert!(engine.providers[&endpoint.provider].health.takes_work());
    }

    fn check(&self) {
        let engine = &self.world.engine;
        let mut reserved: BTreeMap<Key, u64> = BTreeMap::new();
        for held in engine.serving.held.values() {
            for endpoint in held.legs.iter().flatten() {
                *reserved.entry(endpoint.lease).or_default() += held.max_units.get();
            }
        }
        for (key, lease) in &engine.leases {
            assert_eq!(lease.reserved.get(), reserved.get(key).copied().unwrap_or(0), "{key:?}");
            let taken = lease.used.get() + lease.reserved.get();
            assert!(taken <= affordable_units(lease.cap, lease.unit_price).get(), "beyond its cap");
        }
        assert_eq!(engine.serving.router.in_flight(), engine.serving.held.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_attempt_is_covered_and_nothing_stays_reserved(ops in prop::collection::vec(op(), 1..150)) {
        let mut world = World::with(Config { epoch_ms: 5_000, epoch_records: 20, ..Config::default() }, PROVIDERS);
        world.place(&terms());
        world.open_all(&terms().job);
        let mut requests = Requests { world, known: Vec::new() };
        ops.iter().for_each(|op| requests.run(op));
        // Whatever was not ended times out.
        requests.world.pass(60_000);
        requests.world.tick();
        requests.check();
        prop_assert!(requests.world.engine.serving.held.is_empty());
        let load = (0..PROVIDERS).filter_map(|id| {
            let lease = requests.world.engine.providers[&provider_key(id)].leases.first()?;
            Some(requests.world.engine.serving.targets.get(lease).and_then(|placed| {
                requests.world.engine.serving.router.load(placed.target)
            }))
        });
        prop_assert!(load.flatten().all(|load| load == 0));
        let (_, outcomes) = replay(&requests.world.log).expect("the same decisions");
        prop_assert_eq!(&outcomes, &requests.world.outcomes);
        snapshots::check(&requests.world, u64::try_from(ops.len()).expect("few"));
        let routed = outcomes.iter().map(|outcome| outcome.routes().count()).sum::<usize>();
        prop_assert_eq!(proofs::check(&outcomes).1, routed);
    }
}
