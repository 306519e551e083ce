//! The engine: a single writer that turns inputs into decisions.

mod views;

use std::collections::BTreeMap;

use mira_core::amount::Payment;
use mira_core::{Hash, Key};

use crate::config::Config;
use crate::effect::Outcome;
use crate::effect::route::{NoRoute, RoutedTo};
use crate::input::route::Route;
use crate::input::{Event, Input, Pull};
use crate::on;
use crate::pack::waste::Waste;
use crate::place::ask::Held;
use crate::route::Router;
use crate::serve::Serving;
use crate::shard;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::state::provider::Provider;
use crate::timers::Timers;

/// All that a dispatcher knows. Two engines that were fed the same inputs are equal in all they do.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    pub(crate) config: Config,
    pub(crate) now_ms: u64,
    pub(crate) providers: BTreeMap<Key, Provider>,
    pub(crate) jobs: BTreeMap<Key, Job>,
    pub(crate) leases: BTreeMap<Key, Lease>,
    /// Decisions taken, by spec.
    pub(crate) counters: BTreeMap<Hash, u64>,
    pub(crate) next_proposal: u64,
    pub(crate) timers: Timers,
    /// What the jobs under way ask of machines, as a measure of what is left of them.
    pub(crate) waste: Waste,
    pub(crate) serving: Serving,
}

impl Engine {
    /// An engine that knows nobody. Its first input should be `Event::Start`, so that a replay runs
    /// under the same settings.
    pub fn new() -> Self {
        Engine::default()
    }

    /// Takes one input: first whatever has fallen due by then, then the input itself.
    pub fn step(&mut self, input: &Input) -> Outcome {
        let mut out = Outcome::default();
        self.now_ms = self.now_ms.max(input.at_ms);
        if let Event::Start(config) = &input.event {
            on::start::apply(self, config);
        }
        on::tick::apply(self, &mut out);
        match &input.event {
            Event::Start(_) | Event::Tick => {}
            Event::Provider(facts) => on::provider::apply(self, facts, &mut out),
            Event::Offer(offer) => on::offer::apply(self, offer, &mut out),
            Event::Heartbeat(beat) => on::heartbeat::apply(self, beat, &mut out),
            Event::Place(place) => on::place::apply(self, place, &mut out),
            Event::Job(facts) => on::job::apply(self, facts, &mut out),
            Event::Pull(pull) => on::pull::apply(self, pull, &mut out),
            Event::Done(done) => on::done::apply(self, done, &mut out),
            Event::Failed(failed) => on::failed::apply(self, failed, &mut out),
            Event::Route(request) => on::route::apply(self, request, &mut out),
            Event::Hedge(route) => on::hedge::apply(self, *route, &mut out),
            Event::FirstToken(token) => on::first_token::apply(self, token, &mut out),
            Event::RouteEnd(report) => on::route_end::apply(self, report, &mut out),
            Event::Rtt(rtt) => on::rtt::apply(self, rtt),
            Event::Epoch(epoch) => self.serving.router.set_epoch(epoch.hash),
        }
        out
    }

    /// Whether a pull at that time would get a shard. Reads only, so that waiting pulls need not be
    /// recorded until there is something for them.
    pub fn has_work(&self, pull: &Pull, at_ms: u64) -> bool {
        shard::pick::pick(self, pull, self.now_ms.max(at_ms)).is_some()
    }

    /// Routes a request without recording it: what `Event::Route` does, for measurements and for whoever
    /// records it otherwise.
    pub fn route(&mut self, request: &Route) -> Result<RoutedTo, NoRoute> {
        on::route::route(self, request)
    }

    /// The routing of requests, to read.
    pub fn router(&self) -> &Router {
        &self.serving.router
    }

    /// The engine's time in unix microseconds, as the router counts it.
    pub(crate) fn now_us(&self) -> u64 {
        self.now_ms.saturating_mul(1_000)
    }

    /// When the next `Event::Tick` may find something due. Unix milliseconds.
    pub fn next_due_ms(&self) -> Option<u64> {
        self.timers.next_ms()
    }

    /// Leases of a job that work may run under now: open on chain, long enough for one more shard,
    /// with a provider that takes work.
    pub(crate) fn usable<'a>(&'a self, job: &'a Job) -> impl Iterator<Item = &'a Lease> {
        let leases = job.leases.iter().filter_map(|key| self.leases.get(key));
        leases.filter(|lease| {
            let takes_work = self.providers.get(&lease.provider).is_some_and(|provider| provider.health.takes_work());
            lease.open && takes_work && lease.outlasts(self.now_ms, job.terms.time_limit_ms)
        })
    }

    /// What is promised already, as a plan for this job has to count it.
    pub(crate) fn held(&self, key: &Key) -> Held {
        let mut held = Held::default();
        for (other, job) in &self.jobs {
            let leases = job.leases.iter().filter_map(|key| self.leases.get(key));
            // A closed lease holds no more than it is owed.
            let leases = leases.map(|lease| (lease.owner, if lease.open { lease.cap } else { lease.amount_due() }));
            let proposals = job.proposals.values().map(|pending| (pending.proposal.owner, pending.proposal.cap));
            for (owner, cap) in leases.chain(proposals) {
                if other == key {
                    let sum = held.by_owner.entry(owner).or_default();
                    *sum = Payment::new(sum.get().saturating_add(cap.get()));
                }
                if job.open {
                    *held.leases.entry(owner).or_default() += 1;
                    held.leases_total = held.leases_total.saturating_add(1);
                }
            }
        }
        held
    }
}
