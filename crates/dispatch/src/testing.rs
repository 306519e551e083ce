//! A small world for tests: providers, one job, an engine fed by hand, its log kept for replay.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};

use crate::config::Config;
use crate::effect::{Assignment, Effect, Outcome, Proposal};
use crate::engine::Engine;
use crate::input::{
    Claim, Done, Event, Failed, Fault, Heartbeat, Input, JobFacts, LeaseFacts, Offer, Place, ProviderFacts, Pull,
    ShardInput,
};
use crate::replay::{Entry, entry};
use crate::service::{Service, Stage};

/// When every test world begins. Unix milliseconds.
pub(crate) const START_MS: u64 = 1_700_000_000_000;

pub(crate) fn label(text: &str) -> Label {
    Label::parse(text).expect("label")
}

pub(crate) fn key(kind: u8, id: u8) -> Key {
    let mut key = [0; 32];
    (key[0], key[1]) = (kind, id);
    key
}

pub(crate) fn provider_key(id: u8) -> Key {
    key(1, id)
}

pub(crate) fn owner_key(id: u8) -> Key {
    key(2, id)
}

/// The job of most tests: 20 shards of 100 units at up to 1,000,000 a million, spread over two
/// owners, funded twice over.
pub(crate) fn job_terms(id: u8) -> Place {
    Place {
        job: key(3, id),
        requester: key(10, id),
        spec_hash: key(4, id),
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        resource_class: label("cpu"),
        region: Some(label("eu")),
        regions: Vec::new(),
        deny: Vec::new(),
        max_unit_price: UnitPrice::new(1_000_000),
        max_share: Bps::new(5_000).expect("bps"),
        max_leases: 8,
        min_provider_stake: Stake::new(10),
        stake_per_million: StakePerMillion::new(1_000_000),
        max_lease_secs: 3_600,
        deadline: i64::try_from(START_MS / 1_000).expect("time") + 7_200,
        funded: Payment::new(4_000),
        free: Payment::new(4_000),
        open_leases: 0,
        est_units: Units::new(100),
        max_units: Units::new(150),
        time_limit_ms: 10_000,
        memory_limit_bytes: 1 << 20,
        module: key(5, id),
        module_bytes: 1_000,
        shards: (0..20).map(|shard| ShardInput { input: key(6, shard), bytes: 100 }).collect(),
        service: Service::default(),
    }
}

/// A pipeline of `inputs` and so many stages after the first.
pub(crate) fn pipeline_terms(inputs: u8, stages: u8) -> Place {
    let mut terms = Place { tier: Tier::Pipeline, ..job_terms(1) };
    terms.shards.truncate(usize::from(inputs));
    terms.service.stages = (0..stages).map(|stage| Stage { module: key(11, stage), bytes: 500 }).collect();
    terms
}

pub(crate) fn facts(id: u8) -> ProviderFacts {
    ProviderFacts {
        provider: provider_key(id),
        owner: owner_key(id),
        operator: key(7, id),
        active: true,
        stake: Stake::new(1_000_000),
        exposure: Stake::ZERO,
    }
}

pub(crate) fn offer(id: u8) -> Offer {
    Offer {
        provider: provider_key(id),
        region: label("eu"),
        resource_class: label("cpu"),
        unit_kind: UnitKind::Fuel,
        unit_price: UnitPrice::new(500_000),
        slots: 2,
        cached: Vec::new(),
        machine: None,
    }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now_ms: u64,
    pub(crate) log: Vec<Entry>,
    pub(crate) outcomes: Vec<Outcome>,
    leases: Vec<(Key, LeaseFacts)>,
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let mut world = World {
            engine: Engine::new(),
            now_ms: START_MS,
            log: Vec::new(),
            outcomes: Vec::new(),
            leases: Vec::new(),
        };
        world.feed(Event::Start(config));
        world
    }

    /// `count` providers of as many owners, all alike.
    pub(crate) fn with_providers(count: u8) -> Self {
        World::with(Config::default(), count)
    }

    pub(crate) fn with(config: Config, count: u8) -> Self {
        let mut world = World::new(config);
        (0..count).for_each(|id| world.join(facts(id), offer(id)));
        world
    }

    pub(crate) fn join(&mut self, facts: ProviderFacts, offer: Offer) {
        self.feed(Event::Provider(facts));
        self.feed(Event::Offer(offer));
    }

    pub(crate) fn feed(&mut self, event: Event) -> Outcome {
        let input = Input { at_ms: self.now_ms, event };
        let outcome = self.engine.step(&input);
        crate::market::supply::check(&self.engine);
        crate::fair::lines::check(&self.engine);
        let short = self.engine.jobs.iter().filter(|(_, job)| job.shortage.is_some());
        assert!(short.map(|(key, _)| key).eq(&self.engine.fair.waiting), "who waits is not who is short of something");
        self.log.push(entry(&input, &outcome).expect("encodes"));
        self.outcomes.push(outcome.clone());
        outcome
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
    }

    pub(crate) fn place(&mut self, terms: &Place) -> Outcome {
        self.feed(Event::Place(Box::new(terms.clone())))
    }

    pub(crate) fn beat(&mut self, id: u8) -> Outcome {
        self.feed(Event::Heartbeat(Heartbeat { provider: provider_key(id), cached: None }))
    }

    /// All proposals of a job become leases on chain.
    pub(crate) fn open_all(&mut self, job: &Key) -> Outcome {
        self.open_first(job, usize::MAX)
    }

    /// The oldest proposals of a job become leases on chain.
    pub(crate) fn open_first(&mut self, job: &Key, count: usize) -> Outcome {
        let pending = self.engine.jobs[job].proposals.values();
        let proposals: Vec<Proposal> = pending.map(|p| p.proposal.clone()).take(count).collect();
        for proposal in proposals {
            let mut lease = key(8, u8::try_from(self.leases.len() % 256).expect("a byte"));
            lease[2..10].copy_from_slice(&proposal.id.to_le_bytes());
            let facts = LeaseFacts {
                lease,
                provider: proposal.provider,
                unit_price: proposal.unit_price,
                cap: proposal.cap,
                expires_at: proposal.expires_at,
                open: true,
            };
            self.leases.push((*job, facts));
        }
        self.sync(job, true)
    }

    pub(crate) fn close_lease(&mut self, lease: &Key) -> Outcome {
        let (job, facts) = self.leases.iter_mut().find(|(_, facts)| facts.lease == *lease).expect("lease");
        facts.open = false;
        let job = *job;
        self.sync(&job, true)
    }

    /// Feeds the job as the chain would have it.
    pub(crate) fn sync(&mut self, job: &Key, open: bool) -> Outcome {
        let facts = JobFacts { open, ..self.facts_of(job) };
        self.feed(Event::Job(facts))
    }

    /// An open job as the chain would have it.
    pub(crate) fn facts_of(&self, job: &Key) -> JobFacts {
        let leases: Vec<LeaseFacts> =
            self.leases.iter().filter(|(of, _)| of == job).map(|(_, facts)| facts.clone()).collect();
        let committed: u64 = leases.iter().map(|lease| lease.cap.get()).sum();
        let terms = &self.engine.jobs[job].terms;
        JobFacts {
            job: *job,
            funded: terms.funded,
            free: Payment::new(terms.funded.get() - committed),
            open: true,
            leasable: true,
            deadline: terms.deadline,
            stake_per_million: terms.stake_per_million,
            max_lease_secs: terms.max_lease_secs,
            open_leases: u16::try_from(leases.len()).expect("few leases"),
            leases,
        }
    }

    pub(crate) fn pull(&mut self, id: u8) -> Option<Assignment> {
        let outcome = self.feed(Event::Pull(Pull { provider: provider_key(id), leases: Vec::new() }));
        outcome.effects.into_iter().find_map(|effect| match effect {
            Effect::Assign(assignment) => Some(assignment),
            _ => None,
        })
    }

    pub(crate) fn done(&mut self, claim: Claim, units: u64) -> Outcome {
        let mut output = key(9, 0);
        output[2..6].copy_from_slice(&claim.shard.to_le_bytes());
        self.feed(Event::Done(Done { claim, output, units: Units::new(units) }))
    }

    pub(crate) fn fail(&mut self, claim: Claim, fault: Fault) -> Outcome {
        self.feed(Event::Failed(Failed { claim, fault, note: "it failed".into() }))
    }

    pub(crate) fn tick(&mut self) -> Outcome {
        self.feed(Event::Tick)
    }

    /// A placed job with open leases.
    pub(crate) fn running(providers: u8, terms: &Place) -> Self {
        let mut world = World::with_providers(providers);
        world.place(terms);
        world.open_all(&terms.job);
        world
    }
}

/// An outcome's effects but for prices, which change whenever slots run short.
pub(crate) fn without_prices(outcome: Outcome) -> Vec<Effect> {
    outcome.effects.into_iter().filter(|effect| !matches!(effect, Effect::Prices(_))).collect()
}

pub(crate) fn proposals(outcome: &Outcome) -> Vec<&Proposal> {
    let all = outcome.effects.iter();
    all.filter_map(|effect| if let Effect::Propose(proposal) = effect { Some(proposal) } else { None }).collect()
}
