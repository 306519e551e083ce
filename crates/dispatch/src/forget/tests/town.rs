//! Five providers and jobs of every tier that come, are served, and end: complete, at their deadline, or closed.

use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_core::tier::Tier;

use crate::config::Config;
use crate::effect::Effect;
use crate::fair::tests::line::Numbers;
use crate::input::route::{Route, RouteEnd};
use crate::input::{Claim, Event, Fault, Offer, Place};
use crate::properties::invariants;
use crate::route::{End, Leg, RouteId};
use crate::service::{Machine, Needs, Service};
use crate::testing::{World, facts, job_terms, offer, pipeline_terms};

const PROVIDERS: u8 = 5;

pub(super) struct Town {
    pub(super) world: World,
    numbers: Numbers,
    jobs: Vec<Place>,
    claims: Vec<Claim>,
    routes: Vec<RouteId>,
}

impl Town {
    pub(super) fn new(seed: u64, forget_after_ms: u64) -> Self {
        let config = Config { forget_after_ms, epoch_ms: 20_000, epoch_records: 40, ..Config::default() };
        let mut world = World::new(config);
        let machine = Machine { cpu_milli: 16_000, memory_mib: 65_536, gpus: 4, model: None };
        let offers = |id| Offer { slots: 3, machine: Some(machine.clone()), ..offer(id) };
        (0..PROVIDERS).for_each(|id| world.join(facts(id), offers(id)));
        Town { world, numbers: Numbers(seed), jobs: Vec::new(), claims: Vec::new(), routes: Vec::new() }
    }

    /// One more job, with a deadline in a few minutes.
    pub(super) fn place(&mut self) {
        let mut terms = match self.numbers.below(4) {
            0 => Place { tier: Tier::Interactive, shards: Vec::new(), ..job_terms(1) },
            1 => pipeline_terms(3, 1),
            2 => training(),
            _ => job_terms(1),
        };
        terms.shards.truncate(6);
        let number = u16::try_from(self.jobs.len()).expect("few").to_le_bytes();
        (terms.job[4], terms.job[5]) = (number[0], number[1]);
        // Some specs are placed again and again.
        if number[0] % 3 > 0 {
            (terms.spec_hash[4], terms.spec_hash[5]) = (number[0], number[1]);
        }
        if number[0] % 2 == 0 {
            let gpu_milli = 100 + 150 * u16::from(number[0] % 5);
            terms.service.needs = Needs { cpu_milli: 1_000, memory_mib: 1_024, gpus: 1, gpu_milli, models: Vec::new() };
        }
        terms.requester[1] = number[0] % 5;
        (terms.funded, terms.free) = (Payment::new(100_000), Payment::new(100_000));
        terms.max_leases = 200;
        terms.deadline = i64::try_from(self.world.now_ms / 1_000 + 30 + self.numbers.below(90)).expect("time");
        self.world.place(&terms);
        self.jobs.push(terms);
    }

    /// Jobs that take work.
    pub(super) fn under_way(&self) -> usize {
        self.world.engine.jobs.values().filter(|job| job.open && !job.is_complete()).count()
    }

    /// Something happens.
    pub(super) fn op(&mut self) {
        let id = u8::try_from(self.numbers.below(u64::from(PROVIDERS))).expect("small");
        let at = usize::try_from(self.numbers.below(64)).expect("small");
        match self.numbers.below(32) {
            0..=9 => self.claims.extend(self.world.pull(id).map(|assignment| assignment.claim)),
            10..=16 => self.report(at),
            17..=19 => {
                if let Some(job) = self.known(at) {
                    self.world.open_first(&job, 2);
                }
            }
            20..=23 => self.route(at),
            24 => self.close(at),
            25..=27 => {
                self.world.pass(1 + u64::try_from(at).expect("small") * 60);
                self.world.tick();
            }
            _ => (0..PROVIDERS).for_each(|id| drop(self.world.beat(id))),
        }
        // Those of requests are `serve::properties`'s.
        let work = self.world.engine.jobs.iter().filter(|(_, job)| job.terms.tier != Tier::Interactive);
        work.for_each(|(key, _)| invariants::job(&self.world.engine, key));
    }

    fn report(&mut self, at: usize) {
        if self.claims.is_empty() {
            return;
        }
        let claim = self.claims.remove(at % self.claims.len());
        match at % 16 {
            0 => drop(self.world.fail(claim, Fault::Undelivered)),
            1 => drop(self.world.fail(claim, Fault::Node)),
            _ => drop(self.world.done(claim, 90)),
        }
    }

    /// A request, or the end of one.
    fn route(&mut self, at: usize) {
        let event = if at % 2 == 0 && !self.routes.is_empty() {
            let route = self.routes.remove(at % self.routes.len());
            let report =
                RouteEnd { route, leg: Leg::Primary, first_token_us: None, end: End::Completed, units: Units::new(9) };
            Event::RouteEnd(report)
        } else {
            let Some(job) = self.known(at) else { return };
            Event::Route(Route { job, origin: None, max_units: Units::new(100) })
        };
        for effect in self.world.feed(event).effects {
            if let Effect::Routed(to) = effect {
                self.routes.push(to.route);
            }
        }
    }

    /// The chain closes one of the jobs that are known.
    fn close(&mut self, at: usize) {
        if let Some(job) = self.known(at).filter(|job| self.world.engine.jobs[job].open) {
            self.world.sync(&job, false);
        }
    }

    fn known(&self, at: usize) -> Option<Key> {
        let jobs = &self.world.engine.jobs;
        jobs.keys().nth(at % jobs.len().max(1)).copied()
    }
}

/// A gang of two.
fn training() -> Place {
    Place { tier: Tier::Training, service: Service { gang: 2, ..Service::default() }, ..job_terms(1) }
}
