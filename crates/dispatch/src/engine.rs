//! The engine: a single writer that turns inputs into decisions.

mod views;

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::Payment;
use mira_core::{Hash, Key};

use crate::config::Config;
use crate::effect::Outcome;
use crate::fair::Fair;
use crate::forget::Forgotten;
use crate::gang;
use crate::input::{Event, Input, Pull};
use crate::market::Market;
use crate::on;
use crate::pack::waste::Waste;
use crate::place::ask::Held;
use crate::place::index::{Index, Who};
use crate::proof::book::Book;
use crate::reputation::{self, Reputation};
use crate::route::Router;
use crate::serve::Serving;
use crate::shard;
use crate::share::Shares;
use crate::state::counters::Counters;
use crate::state::history::History;
use crate::state::job::Job;
use crate::state::lease::Lease;
use crate::state::provider::Provider;
use crate::timers::Timers;

/// All that a dispatcher knows. Two engines that were fed the same inputs are equal in all they do.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Engine {
    pub(crate) config: Config,
    pub(crate) now_ms: u64,
    pub(crate) providers: BTreeMap<Key, Provider>,
    pub(crate) jobs: BTreeMap<Key, Job>,
    pub(crate) leases: BTreeMap<Key, Lease>,
    pub(crate) counters: Counters,
    /// What jobs that are not in `jobs` any more came to.
    pub(crate) forgotten: Forgotten,
    pub(crate) next_proposal: u64,
    pub(crate) timers: Timers,
    /// The dispatch epoch that is open.
    pub(crate) book: Book,
    pub(crate) serving: Serving,
    /// Made again from the offers when an engine is read: see `snapshot`.
    #[borsh(skip)]
    pub(crate) index: Index,
    pub(crate) reputation: Reputation,
    pub(crate) shares: Shares,
    pub(crate) market: Market,
    pub(crate) fair: Fair,
    pub(crate) gangs: gang::book::Book,
    /// What the jobs under way ask of machines, as a measure of what is left of them.
    pub(crate) waste: Waste,
    /// How long things took.
    pub(crate) history: History,
}

impl Engine {
    /// An engine that knows nobody. Its first input should be `Event::Start`, so that a replay runs
    /// under the same settings.
    pub fn new() -> Self {
        Engine::default()
    }

    /// Takes one input: first whatever has fallen due by then, then the input itself.
    pub fn step(&mut self, input: &Input) -> Outcome {
        self.step_each(input).0
    }

    /// As `step`. Of `Event::Many` it also gives the places among the effects between which those of each event are:
    /// one more than there are events.
    pub fn step_each(&mut self, input: &Input) -> (Outcome, Vec<usize>) {
        let (mut out, mut bounds) = (Outcome::default(), Vec::new());
        self.now_ms = self.now_ms.max(input.at_ms);
        if let Event::Start(config) = &input.event {
            on::start::apply(self, config);
            self.book.start(config);
            self.serving.router.set_epoch(self.book.in_force().1);
        }
        if self.book.begin(self.now_ms, &self.config, &mut out) {
            self.serving.router.set_epoch(self.book.in_force().1);
        }
        on::tick::apply(self, &mut out);
        if let Event::Many(events) = &input.event {
            bounds.push(out.effects.len());
            for event in events {
                self.apply(event, &mut out);
                bounds.push(out.effects.len());
            }
        } else {
            self.apply(&input.event, &mut out);
        }
        gang::floor::advance(self, &mut out);
        self.book.end(self.now_ms, &out);
        (out, bounds)
    }

    fn apply(&mut self, event: &Event, out: &mut Outcome) {
        match event {
            // What the first three do was done above; there are never many of many.
            Event::Start(_) | Event::Tick | Event::Many(_) => {}
            Event::Provider(facts) => on::provider::apply(self, facts, out),
            Event::Offer(offer) => on::offer::apply(self, offer, out),
            Event::Heartbeat(beat) => on::heartbeat::apply(self, beat, out),
            Event::Place(place) => on::place::apply(self, place, out),
            Event::Job(facts) => on::job::apply(self, facts, out),
            Event::Pull(pull) => on::pull::apply(self, pull, out),
            Event::Done(done) => on::done::apply(self, done, out),
            Event::Failed(failed) => on::failed::apply(self, failed, out),
            Event::Route(request) => on::route::apply(self, request, out),
            Event::Hedge(route) => on::hedge::apply(self, *route, out),
            Event::FirstToken(token) => on::first_token::apply(self, token, out),
            Event::RouteEnd(report) => on::route_end::apply(self, report, out),
            Event::Rtt(rtt) => on::rtt::apply(self, rtt),
            Event::Audited(audited) => reputation::apply(self, audited),
            Event::Quoted(quoted) => on::quoted::apply(self, quoted),
        }
    }

    /// Whether a pull at that time would get a shard. Reads only, so that waiting pulls need not be
    /// recorded until there is something for them.
    pub fn has_work(&self, pull: &Pull, at_ms: u64) -> bool {
        shard::pick::pick(self, pull, self.now_ms.max(at_ms)).is_some()
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
        self.timers.next_ms().into_iter().chain(self.book.due_ms(&self.config)).min()
    }

    /// The dispatch epoch in force: its number and its hash, which its draws are seeded with.
    pub fn epoch(&self) -> (u64, Hash) {
        self.book.in_force()
    }

    /// The number of the next route record, from 0.
    pub fn next_route(&self) -> u64 {
        self.book.next_route()
    }

    /// Puts every offer into the index, which is empty.
    pub(crate) fn index_offers(&mut self) {
        for (key, provider) in &self.providers {
            let Some(terms) = &provider.offer else { continue };
            let who = Who { provider: *key, owner: provider.facts.owner };
            self.index.offered(who, !self.reputation.is_established(key), None, terms);
        }
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
        let Some(job) = self.jobs.get(key) else { return held };
        let leases = job.leases.iter().filter_map(|key| self.leases.get(key));
        // A closed lease holds no more than it is owed.
        let leases = leases.map(|lease| (lease.owner, if lease.open { lease.cap } else { lease.amount_due() }));
        let proposals = job.proposals.values().map(|pending| (pending.proposal.owner, pending.proposal.cap));
        for (owner, cap) in leases.chain(proposals) {
            let sum = held.by_owner.entry(owner).or_default();
            *sum = Payment::new(sum.get().saturating_add(cap.get()));
        }
        let serving = self.usable(job).map(|lease| lease.provider);
        let asked = job.proposals.values().map(|pending| pending.proposal.provider);
        serving.chain(asked).filter_map(|key| self.providers.get(&key)).for_each(|provider| held.at(provider));
        held
    }
}
