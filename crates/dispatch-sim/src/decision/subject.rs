//! What is measured.

use crate::decision::key;
use crate::interactive::policy::peak_ewma::PeakEwma;
use crate::interactive::policy::power_of_two::PowerOfTwo;
use crate::interactive::policy::{Ask, Attempt, End, Policy, View, least};
use crate::rng::Rng;
use mira_core::label::Label;
use mira_dispatch::route::{self, Leg, PoolId, RegionId, RouteConfig, RouteId, Router, Target};
use serde::Serialize;

/// Slots of each provider.
const SLOTS: u32 = 8;
/// Regions, of providers and of requests.
const REGIONS: usize = 32;
/// From a decision to its first token. Microseconds.
const ANSWER_US: u64 = 100_000;

/// Something that takes decisions.
pub trait Subject {
    /// Takes one; what it gives must be used.
    fn decide(&mut self) -> usize;

    /// Ends all that was sent since the last time, so that load stays what it is.
    fn settle(&mut self);
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// [`mira_dispatch::route::Router`].
    Ours,
    /// The fewer in flight of two.
    PowerOfTwo,
    /// The fewest in flight of eight.
    LeastOfEight,
    /// The lower load of two, as `tower` has it.
    PeakEwma,
}

impl Kind {
    /// All.
    pub const ALL: [Kind; 4] = [Kind::Ours, Kind::PowerOfTwo, Kind::LeastOfEight, Kind::PeakEwma];

    /// In a table.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ours => "ours",
            Kind::PowerOfTwo => "power of two choices",
            Kind::LeastOfEight => "least in flight of 8",
            Kind::PeakEwma => "peak-EWMA",
        }
    }

    /// Makes it for a network of a size, with random loads of 5.6 of 8 slots in the mean.
    pub fn build(self, providers: usize, seed: u64) -> Box<dyn Subject> {
        match self {
            Kind::Ours => Box::new(Ours::new(providers, seed)),
            Kind::PowerOfTwo => Box::new(Baseline::new(PowerOfTwo::new(seed), providers, seed)),
            Kind::LeastOfEight => Box::new(Baseline::new(LeastOfEight(Rng::new(seed, 8)), providers, seed)),
            Kind::PeakEwma => Box::new(Baseline::new(PeakEwma::new(seed, providers), providers, seed)),
        }
    }
}

/// The load of a provider before anything is routed: each slot is taken with a chance of 0.7.
fn busy(rng: &mut Rng) -> u32 {
    (0..SLOTS).map(|_| u32::from(rng.unit() < 0.7)).sum()
}

/// The router, with one pool of all providers.
pub struct Ours {
    router: Router,
    pool: PoolId,
    regions: Vec<RegionId>,
    counter: usize,
    now_us: u64,
    sent: Vec<RouteId>,
}

impl Ours {
    /// A network of a size.
    pub fn new(providers: usize, seed: u64) -> Self {
        let mut rng = Rng::new(seed, 0);
        let mut router = Router::new(RouteConfig::default(), key(seed, 0));
        let label = |region: usize| Label::parse(&format!("region-{region}"));
        let regions: Vec<RegionId> =
            (0..REGIONS).map(|region| label(region).map(|label| router.region(label)).unwrap_or_default()).collect();
        let pool = router.pool(&key(seed, 1));
        for index in 0..providers {
            let provider = key(index as u64, 2);
            #[expect(clippy::cast_possible_truncation, reason = "a price near a million")]
            let unit_price = rng.log_normal(1e6, 0.5) as u64;
            let target = Target {
                provider,
                lease: key(index as u64, 3),
                owner: u32::try_from(rng.below(providers / 5 + 1)).unwrap_or(0),
                region: regions[rng.below(REGIONS)],
                capacity: 8,
                unit_price,
                room_units: u64::MAX,
                reliability_ppm: 1_000_000,
                warm: true,
            };
            router.add(pool, target);
            router.set_busy(&provider, u16::try_from(busy(&mut rng)).unwrap_or(0));
        }
        Ours { router, pool, regions, counter: 0, now_us: 1_000_000, sent: Vec::new() }
    }
}

impl Subject for Ours {
    fn decide(&mut self) -> usize {
        self.counter += 1;
        self.now_us += 1;
        let origin = self.regions[self.counter % REGIONS];
        let ask =
            route::Ask { pool: self.pool, origin, counter: self.counter as u64, price_cap: u64::MAX, max_units: 0 };
        // The record is part of the decision: it has to be there, not only what follows from it.
        match std::hint::black_box(self.router.route(&ask, self.now_us)) {
            Ok(routed) => {
                self.sent.push(routed.route);
                routed.primary.0 as usize
            }
            Err(_) => usize::MAX,
        }
    }

    fn settle(&mut self) {
        for route in self.sent.drain(..) {
            self.router.first_token(route, Leg::Primary, self.now_us + ANSWER_US);
            self.router.done(route, Leg::Primary, route::End::Completed, self.now_us + ANSWER_US);
        }
        self.now_us += ANSWER_US;
    }
}

/// A baseline, with arrays for what it looks at.
struct Baseline<P> {
    policy: P,
    open: Vec<usize>,
    in_flight: Vec<u32>,
    slots: Vec<u32>,
    now_us: u64,
    sent: Vec<Attempt>,
}

impl<P: Policy> Baseline<P> {
    fn new(policy: P, providers: usize, seed: u64) -> Self {
        let mut rng = Rng::new(seed, 0);
        let in_flight = (0..providers).map(|_| busy(&mut rng)).collect();
        Baseline {
            policy,
            open: (0..providers).collect(),
            in_flight,
            slots: vec![SLOTS; providers],
            now_us: 1_000_000,
            sent: Vec::new(),
        }
    }
}

impl<P: Policy> Subject for Baseline<P> {
    fn decide(&mut self) -> usize {
        self.now_us += 1;
        let Baseline { open, in_flight, slots, now_us, .. } = self;
        let view = View { now_us: *now_us, open, in_flight, slots, price: &[] };
        let id = self.sent.len();
        let provider = self.policy.route(&view, &Ask { call: id, front: 0, at_us: *now_us, attempt: id });
        self.in_flight[provider] += 1;
        self.sent.push(Attempt { id, call: id, front: 0, provider, sent_us: self.now_us });
        provider
    }

    fn settle(&mut self) {
        self.now_us += ANSWER_US;
        for attempt in self.sent.drain(..) {
            self.policy.first_token(&attempt, self.now_us);
            self.policy.done(&attempt, End::Finished, self.now_us);
            self.in_flight[attempt.provider] -= 1;
        }
    }
}

/// The fewest in flight of eight drawn ones.
struct LeastOfEight(Rng);

impl Policy for LeastOfEight {
    fn route(&mut self, view: &View<'_>, _ask: &Ask) -> usize {
        let drawn: [usize; 8] = std::array::from_fn(|_| view.open[self.0.below(view.open.len())]);
        least(&mut self.0, drawn, |provider| view.in_flight[provider]).unwrap_or(drawn[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_decides_and_load_stays() {
        for kind in Kind::ALL {
            let mut subject = kind.build(1_000, 1);
            let mut chosen = std::collections::BTreeSet::new();
            for _ in 0..20 {
                chosen.extend((0..100).map(|_| subject.decide()));
                subject.settle();
            }
            assert!(chosen.len() > 200 && chosen.iter().all(|provider| *provider < 1_000), "{kind:?}");
        }
        let mut ours = Ours::new(100, 2);
        (0..50).for_each(|_| assert!(ours.decide() < 100));
        assert_eq!(ours.router.in_flight(), 50);
        ours.settle();
        assert_eq!(ours.router.in_flight(), 0);
    }
}
