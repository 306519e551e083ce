//! An engine with so many providers and running jobs, fed as the service feeds it.

use crate::decision::key;
use crate::rng::Rng;
use mira_core::Key;
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_dispatch::effect::{Effect, Outcome, Proposal};
use mira_dispatch::input::{
    Claim, Event, Failed, Fault, Input, JobFacts, LeaseFacts, Offer, Place, ProviderFacts, Pull, ShardInput,
};
use mira_dispatch::service::Service;
use mira_dispatch::{Config, Engine};

/// Regions of providers.
const REGIONS: usize = 32;
/// Providers of one owner.
const OWNED: usize = 5;
/// Slots of each provider.
const SLOTS: u16 = 8;
/// Shards of a job that runs: four leases' worth.
const SHARDS: u32 = 64;
/// Shards of a job that is placed while time is taken: three leases' worth, one of them for the loss of another.
const NEW_SHARDS: u32 = 32;
/// When it begins. Unix milliseconds.
const START_MS: u64 = 1_700_000_000_000;
/// Nobody is silent for that long: heartbeats are not what is measured. Milliseconds.
const LONG_MS: u64 = 1 << 36;

/// The engine and what was done with it.
pub struct Town {
    engine: Engine,
    class: Label,
    now_ms: u64,
    jobs: u64,
    leases: u64,
    /// Jobs placed since all were ended.
    placed: Vec<Key>,
    /// Providers with a lease of a running job.
    pullers: Vec<Key>,
    pulls: usize,
    /// Attempts handed out since all came back.
    held: Vec<Claim>,
}

impl Town {
    /// A network of a size in which so many jobs run.
    ///
    /// # Errors
    /// A job found no providers.
    pub fn new(providers: usize, jobs: usize, seed: u64) -> anyhow::Result<Self> {
        let mut rng = Rng::new(seed, 11);
        let config = Config { seed: key(seed, 0), heartbeat_timeout_ms: LONG_MS, ..Config::default() };
        let mut town = Town {
            engine: Engine::new(),
            class: Label::parse("cpu")?,
            now_ms: START_MS,
            jobs: 0,
            leases: 0,
            placed: Vec::new(),
            pullers: Vec::new(),
            pulls: 0,
            held: Vec::new(),
        };
        town.feed(Event::Start(config));
        for index in 0..providers {
            town.feed(Event::Provider(facts(index)));
            town.feed(Event::Offer(offer(town.class, index, &mut rng)?));
        }
        for _ in 0..jobs {
            town.run_job()?;
        }
        rng.shuffle(&mut town.pullers);
        anyhow::ensure!(!town.pullers.is_empty(), "no job found a provider");
        town.wait();
        town.pass();
        Ok(town)
    }

    /// A job to come.
    pub fn next_job(&mut self) -> Box<Place> {
        self.jobs += 1;
        Box::new(terms(self.class, self.jobs, NEW_SHARDS))
    }

    /// Places a job; how many leases were proposed.
    pub fn place(&mut self, job: Box<Place>) -> usize {
        self.placed.push(job.job);
        proposals(&self.feed(Event::Place(job))).count()
    }

    /// Whose turn it is to pull.
    pub fn next_puller(&mut self) -> Key {
        self.pulls += 1;
        self.pullers[self.pulls % self.pullers.len()]
    }

    /// A provider pulls; how many shards it got.
    pub fn pull(&mut self, provider: &Key) -> usize {
        let outcome = self.feed(Event::Pull(Pull { provider: *provider, leases: Vec::new() }));
        let claims = outcome.effects.iter().filter_map(|effect| match effect {
            Effect::Assign(assignment) => Some(assignment.claim),
            _ => None,
        });
        let before = self.held.len();
        self.held.extend(claims);
        self.held.len() - before
    }

    /// A period of the slow path goes by.
    pub fn wait(&mut self) {
        self.now_ms += self.engine.config().market.period_ms;
    }

    /// The pass that is due: one.
    pub fn pass(&mut self) -> usize {
        self.feed(Event::Tick);
        1
    }

    /// All that was placed ends and all that was handed out comes back as if it had never arrived.
    pub fn settle(&mut self) {
        for claim in std::mem::take(&mut self.held) {
            self.feed(Event::Failed(Failed { claim, fault: Fault::Undelivered, note: String::new() }));
        }
        for job in std::mem::take(&mut self.placed) {
            let facts = job_facts(&terms(self.class, 0, NEW_SHARDS), job, Vec::new());
            self.feed(Event::Job(JobFacts { open: false, ..facts }));
        }
    }

    /// Places a job whose leases are all opened.
    fn run_job(&mut self) -> anyhow::Result<()> {
        self.jobs += 1;
        let terms = terms(self.class, self.jobs, SHARDS);
        let outcome = self.feed(Event::Place(Box::new(terms.clone())));
        let mut leases = Vec::new();
        for proposal in proposals(&outcome) {
            self.leases += 1;
            self.pullers.push(proposal.provider);
            leases.push(LeaseFacts {
                lease: key(self.leases, 4),
                provider: proposal.provider,
                unit_price: proposal.unit_price,
                cap: proposal.cap,
                expires_at: proposal.expires_at,
                open: true,
            });
        }
        anyhow::ensure!(!leases.is_empty(), "job {} found no provider", self.jobs);
        self.feed(Event::Job(job_facts(&terms, terms.job, leases)));
        Ok(())
    }

    fn feed(&mut self, event: Event) -> Outcome {
        self.engine.step(&Input { at_ms: self.now_ms, event })
    }
}

fn proposals(outcome: &Outcome) -> impl Iterator<Item = &Proposal> {
    outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Propose(proposal) => Some(proposal),
        _ => None,
    })
}

fn facts(index: usize) -> ProviderFacts {
    ProviderFacts {
        provider: key(index as u64, 1),
        owner: key((index / OWNED) as u64, 2),
        operator: key(index as u64, 3),
        active: true,
        stake: Stake::new(u64::MAX / 2),
        exposure: Stake::ZERO,
    }
}

fn offer(class: Label, index: usize, rng: &mut Rng) -> anyhow::Result<Offer> {
    #[expect(clippy::cast_possible_truncation, reason = "a price near half a million")]
    let price = rng.log_normal(5e5, 0.25) as u64;
    Ok(Offer {
        provider: key(index as u64, 1),
        region: Label::parse(&format!("region-{}", rng.below(REGIONS)))?,
        resource_class: class,
        unit_kind: UnitKind::Fuel,
        unit_price: UnitPrice::new(price.max(1)),
        slots: SLOTS,
        cached: Vec::new(),
        machine: None,
    })
}

/// A batch job that pays twice what is usual.
fn terms(class: Label, number: u64, shards: u32) -> Place {
    Place {
        job: key(number, 5),
        requester: key(number % 100, 6),
        spec_hash: key(number, 7),
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        resource_class: class,
        region: None,
        regions: Vec::new(),
        deny: Vec::new(),
        max_unit_price: UnitPrice::new(1_000_000),
        max_share: Bps::new(5_000).unwrap_or_default(),
        max_leases: 64,
        min_provider_stake: Stake::new(10),
        stake_per_million: StakePerMillion::new(1_000_000),
        max_lease_secs: u32::MAX,
        deadline: i64::try_from((START_MS + LONG_MS) / 1_000).unwrap_or(i64::MAX),
        funded: Payment::new(100_000),
        free: Payment::new(100_000),
        open_leases: 0,
        est_units: Units::new(1_000),
        max_units: Units::new(1_500),
        time_limit_ms: 600_000,
        memory_limit_bytes: 1 << 20,
        module: key(number, 8),
        module_bytes: 1_000,
        shards: (0..shards).map(|shard| ShardInput { input: key(u64::from(shard), 9), bytes: 100 }).collect(),
        service: Service::default(),
    }
}

/// A job as the chain has it, with these leases.
fn job_facts(terms: &Place, job: Key, leases: Vec<LeaseFacts>) -> JobFacts {
    let taken: u64 = leases.iter().map(|lease| lease.cap.get()).sum();
    JobFacts {
        job,
        funded: terms.funded,
        free: Payment::new(terms.funded.get().saturating_sub(taken)),
        open: true,
        leasable: true,
        deadline: terms.deadline,
        stake_per_million: terms.stake_per_million,
        max_lease_secs: terms.max_lease_secs,
        open_leases: u16::try_from(leases.len()).unwrap_or(u16::MAX),
        leases,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_do_what_they_say_and_leave_nothing_behind() {
        let mut town = Town::new(300, 4, 1).expect("a town");
        let open = |town: &Town| town.engine.overview().jobs_open;
        assert_eq!((town.engine.overview().providers, open(&town)), (300, 4));
        let job = town.next_job();
        assert_eq!(town.place(job), 3);
        for _ in 0..20 {
            let puller = town.next_puller();
            assert_eq!(town.pull(&puller), 1);
        }
        assert_eq!((open(&town), town.engine.overview().slots_busy), (5, 20));
        let due_ms = town.engine.next_due_ms().expect("a pass");
        town.wait();
        assert_eq!((town.now_ms, town.pass()), (due_ms, 1));
        assert_eq!(town.engine.next_due_ms(), Some(due_ms + town.engine.config().market.period_ms));
        town.settle();
        assert_eq!((open(&town), town.engine.overview().slots_busy), (4, 0));
        assert_eq!(town.engine.overview().shards_done, 0);
    }
}
