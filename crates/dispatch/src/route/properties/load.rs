//! Random requests, answers, ends and changes, and the counts that follow from them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::route::choose::{self, Reject};
use crate::route::record::NONE;
use crate::route::{
    Ask, Change, End, HedgeDenied, Leg, PoolId, RegionId, RouteId, RouteRecord, Router, TargetId, recompute,
};

#[derive(Clone, Debug)]
pub(super) enum Op {
    Route { origin: u16, price_cap: u64, max_units: u64 },
    Hedge(usize),
    First(usize, bool),
    Done(usize, bool, End),
    Close(usize),
    Pass(u64),
    Room(usize, u64),
    Available(usize, bool),
    Reliability(usize, u32),
    Rtt(u16, u16, u32),
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let end = prop_oneof![
        20 => Just(End::Completed), 8 => Just(End::Cancelled), 1 => Just(End::Failed), 1 => Just(End::TimedOut)
    ];
    let place = || 0usize..1_000;
    prop_oneof![
        8 => (0u16..8, 90u64..160, 0u64..8_000)
            .prop_map(|(origin, price_cap, max_units)| Op::Route { origin, price_cap, max_units }),
        3 => place().prop_map(Op::Hedge),
        8 => (place(), prop::bool::ANY).prop_map(|(at, hedge)| Op::First(at, hedge)),
        18 => (place(), prop::bool::weighted(0.3), end).prop_map(|(at, hedge, end)| Op::Done(at, hedge, end)),
        1 => place().prop_map(Op::Close),
        4 => (1u64..400_000).prop_map(Op::Pass),
        2 => (place(), 0u64..20_000).prop_map(|(at, room)| Op::Room(at, room)),
        1 => (place(), prop::bool::weighted(0.8)).prop_map(|(at, available)| Op::Available(at, available)),
        1 => (place(), 0u32..1_000_001).prop_map(|(at, ppm)| Op::Reliability(at, ppm)),
        1 => (0u16..8, 0u16..8, 1u32..400_000).prop_map(|(from, to, rtt)| Op::Rtt(from, to, rtt)),
    ]
}

/// What is known of a target beside the router.
#[derive(Clone, Copy)]
struct Known {
    owner: u32,
    price: u64,
    room: u64,
    available: bool,
    /// Suspended since the last failure, until a probe answers.
    suspended: bool,
    in_flight: u16,
}

/// An attempt that runs.
#[derive(Clone, Copy)]
struct Running {
    target: TargetId,
    probe: bool,
    answered: bool,
}

#[derive(Clone, Copy)]
struct Request {
    route: RouteId,
    price_cap: u64,
    max_units: u64,
    owner: u32,
    /// Whether all slots were taken where it was sent first.
    queued: bool,
    legs: [Option<Running>; 2],
}

pub(super) struct Load {
    router: Router,
    pool: PoolId,
    known: BTreeMap<TargetId, Known>,
    targets: Vec<TargetId>,
    requests: Vec<Request>,
    now_us: u64,
    pub(super) routed: u64,
    pub(super) hedged: u64,
    tokens: u64,
    pub(super) unrouted: u64,
}

impl Load {
    pub(super) fn new(router: Router, pool: PoolId) -> Self {
        let known = |target: TargetId| {
            let id = target.0;
            let owners = if router.targets(pool).count() == 12 { 4 } else { 6 };
            let price = 100 + u64::from(id % 50);
            Known { owner: id % owners, price, room: 10_000, available: true, suspended: false, in_flight: 0 }
        };
        let mut targets: Vec<TargetId> = router.targets(pool).collect();
        targets.sort_unstable();
        let known = targets.iter().map(|target| (*target, known(*target))).collect();
        let (requests, now_us) = (Vec::new(), 1_000_000_000);
        Load { router, pool, known, targets, requests, now_us, routed: 0, hedged: 0, tokens: 0, unrouted: 0 }
    }

    pub(super) fn run(&mut self, op: &Op) {
        let at = |at: usize, len: usize| at % len.max(1);
        match *op {
            Op::Route { origin, price_cap, max_units } => self.route(origin, price_cap, max_units),
            Op::Hedge(index) => self.hedge(at(index, self.requests.len())),
            Op::First(index, hedge) => self.first(at(index, self.requests.len()), leg(hedge)),
            Op::Done(index, hedge, end) => self.done(at(index, self.requests.len()), leg(hedge), end),
            Op::Close(index) => self.close(at(index, self.requests.len())),
            Op::Pass(us) => self.now_us += us,
            Op::Room(index, room) => {
                let target = self.targets[at(index, self.targets.len())];
                self.router.update(target, Change { room_units: Some(room), ..Change::default() });
                self.known.get_mut(&target).expect("known").room = room;
            }
            Op::Available(index, available) => {
                let target = self.targets[at(index, self.targets.len())];
                self.router.set_available(target, available);
                self.known.get_mut(&target).expect("known").available = available;
            }
            Op::Reliability(index, reliability) => {
                let target = self.targets[at(index, self.targets.len())];
                self.router.update(target, Change { reliability_ppm: Some(reliability), ..Change::default() });
            }
            Op::Rtt(from, to, rtt_us) => self.router.observe_rtt(RegionId(from), RegionId(to), rtt_us),
        }
        for (target, known) in &self.known {
            assert_eq!(self.router.load(*target), Some(known.in_flight), "{target:?} after {op:?}");
        }
        assert_eq!(self.router.in_flight(), self.requests.len(), "after {op:?}");
    }

    fn route(&mut self, origin: u16, price_cap: u64, max_units: u64) {
        let (pool, counter) = (self.pool, self.routed + self.unrouted);
        let ask = Ask { pool, origin: RegionId(origin), counter, price_cap, max_units };
        let Ok(routed) = self.router.route(&ask, self.now_us) else {
            self.unrouted += 1;
            return;
        };
        self.routed += 1;
        let probe = self.allowed(&routed.record, price_cap, max_units);
        let owner = self.known[&routed.primary].owner;
        if let Some(backup) = routed.backup {
            assert_ne!(self.known[&backup].owner, owner);
            assert!(self.known[&backup].price <= price_cap && self.known[&backup].room >= max_units);
        }
        self.known.get_mut(&routed.primary).expect("known").in_flight += 1;
        let running = Running { target: routed.primary, probe, answered: false };
        let (route, record) = (routed.route, &routed.record);
        let queued = record.at(record.winner).is_some_and(|winner| winner.in_flight >= winner.capacity);
        self.requests.push(Request { route, price_cap, max_units, owner, queued, legs: [Some(running), None] });
    }

    /// Whoever was chosen keeps within the limits, by what is known beside the router. True for a probe.
    fn allowed(&self, record: &RouteRecord, price_cap: u64, max_units: u64) -> bool {
        let choice = recompute(record).expect("the record says what it was");
        assert_eq!((choice.winner, choice.runner_up, choice.backup), (record.winner, record.runner_up, record.backup));
        assert_ne!(record.winner, NONE);
        let winner = record.at(record.winner).expect("in range");
        let known = &self.known[&winner.target];
        assert!(known.price <= price_cap && known.room >= max_units && known.available);
        let probe = winner.notes & choose::Note::Probe.bit() != 0;
        assert_eq!(known.suspended, probe, "suspended targets get nothing but probes");
        let hot = winner.rejects & Reject::Hot.bit() != 0;
        let free = record.drawn().iter().any(|candidate| candidate.rejects == 0);
        assert!(!(hot && free), "a hot one while another has a slot");
        probe
    }

    fn hedge(&mut self, index: usize) {
        let Some(request) = self.requests.get(index).copied() else { return };
        let primary = request.legs[0];
        let hedged = match self.router.hedge(request.route, self.now_us) {
            Ok(hedged) => hedged,
            Err(HedgeDenied::UnknownRoute) => panic!("a request that is being served"),
            Err(_) => return,
        };
        assert!(!self.allowed(&hedged.record, request.price_cap, request.max_units), "no hedge is a probe");
        assert!(request.legs[1].is_none() && primary.is_none_or(|primary| !primary.answered));
        assert_ne!(self.known[&hedged.target].owner, request.owner);
        self.hedged += 1;
        self.tokens += u64::from(primary.is_some() && !request.queued);
        // Five in a hundred, and ten more after a quiet time.
        assert!(self.tokens * 20 <= self.routed + 200, "{} hedges of {}", self.tokens, self.routed);
        self.known.get_mut(&hedged.target).expect("known").in_flight += 1;
        self.requests[index].legs[1] = Some(Running { target: hedged.target, probe: false, answered: false });
    }

    fn first(&mut self, index: usize, leg: Leg) {
        let Some(request) = self.requests.get_mut(index) else { return };
        let route = request.route;
        let running = request.legs[leg as usize].as_mut().filter(|running| !running.answered);
        let first = self.router.first_token(route, leg, self.now_us);
        assert_eq!(first.is_some(), running.is_some());
        let Some(running) = running else { return };
        running.answered = true;
        if running.probe {
            self.known.get_mut(&running.target).expect("known").suspended = false;
        }
    }

    fn done(&mut self, index: usize, leg: Leg, end: End) {
        let Some(request) = self.requests.get_mut(index) else { return };
        let running = request.legs[leg as usize].take();
        let ended = self.router.done(request.route, leg, end, self.now_us);
        assert_eq!(ended.map(|ended| ended.target), running.map(|running| running.target));
        let Some(running) = running else { return };
        let known = self.known.get_mut(&running.target).expect("known");
        known.in_flight -= 1;
        if matches!(end, End::Failed | End::TimedOut) {
            known.suspended = true;
        }
        // The router forgets what is over by itself.
        let idle = request.legs.iter().all(Option::is_none);
        assert_eq!(ended.map(|ended| ended.idle), Some(idle));
        if ended.is_some_and(|ended| ended.over) {
            assert!(idle);
            self.requests.swap_remove(index);
        }
    }

    fn close(&mut self, index: usize) {
        let Some(request) = self.requests.get(index) else { return };
        let idle = request.legs.iter().all(Option::is_none);
        assert_eq!(self.router.close(request.route), idle);
        if idle {
            self.requests.swap_remove(index);
        }
    }

    /// Everything ends: nothing is left in flight.
    pub(super) fn drain(&mut self) {
        while let Some(request) = self.requests.first() {
            match request.legs {
                [None, None] => self.close(0),
                [Some(_), _] => self.done(0, Leg::Primary, End::Cancelled),
                [None, Some(_)] => self.done(0, Leg::Hedge, End::Cancelled),
            }
        }
        for target in &self.targets {
            assert_eq!(self.router.load(*target), Some(0));
        }
        assert_eq!(self.router.in_flight(), 0);
    }
}

fn leg(hedge: bool) -> Leg {
    if hedge { Leg::Hedge } else { Leg::Primary }
}
