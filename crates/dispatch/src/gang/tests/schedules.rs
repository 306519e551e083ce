//! Random schedules through the whole engine: two gangs, a batch job that may be stopped, one that
//! may not, five providers. The oracle sees effects and what the chain was told, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::Key;
use mira_core::amount::Payment;

use crate::config::Config;
use crate::effect::{Effect, Outcome};
use crate::fair::tests::line::Numbers;
use crate::gang::tests::cases::gang;
use crate::gang::tests::oracle::{Oracle, Seen};
use crate::input::{Claim, Fault, Offer, Place};
use crate::properties::{invariants, snapshots};
use crate::replay::replay;
use crate::testing::{World, facts, job_terms, label, offer, provider_key};

const SEED: u64 = 0x656e_6769;
const SCHEDULES: u64 = 150;
const PROVIDERS: u8 = 5;

struct Run {
    world: World,
    numbers: Numbers,
    jobs: Vec<Place>,
    claims: Vec<Claim>,
    oracles: BTreeMap<Key, Oracle>,
    /// Open leases by (job, provider), as the chain was told, and when they expire.
    leases: BTreeMap<Key, (Key, Key)>,
    suspended: BTreeSet<Key>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let mut world = World::new(Config { proposal_ttl_ms: 20_000, ..Config::default() });
        let regions = ["eu", "us", "ap"];
        for id in 0..PROVIDERS {
            let region = label(regions[usize::from(id) % 3]);
            let slots = u16::try_from(1 + numbers.below(2)).expect("small");
            world.join(facts(id), Offer { region, slots, ..offer(id) });
        }
        let mut jobs = vec![gang(1, 2), gang(2, 3), job_terms(3), job_terms(4)];
        for terms in &mut jobs {
            (terms.funded, terms.free) = (Payment::new(400_000), Payment::new(400_000));
            terms.max_leases = 200;
        }
        jobs[2].service.preemptible = true;
        let oracles = jobs.iter().take(2).map(|terms| (terms.job, Oracle::default())).collect();
        let (leases, suspended) = (BTreeMap::new(), BTreeSet::new());
        let mut run = Run { world, numbers, jobs, claims: Vec::new(), oracles, leases, suspended };
        for at in 0..run.jobs.len() {
            let terms = run.jobs[at].clone();
            let outcome = run.world.place(&terms);
            run.look(&outcome);
        }
        run
    }

    fn op(&mut self) {
        let id = u8::try_from(self.numbers.below(u64::from(PROVIDERS))).expect("small");
        let at = usize::try_from(self.numbers.below(64)).expect("small");
        let job = self.jobs[at % self.jobs.len()].job;
        let outcome = match self.numbers.below(16) {
            0..=4 => self.pull(id),
            5..=7 => self.report(at, id),
            8 | 9 => self.world.open_first(&job, 1),
            10 => self.close(at),
            11 => {
                let ms = self.numbers.below(3_000);
                self.world.pass(ms);
                self.world.tick()
            }
            12..=14 => self.world.beat(id),
            _ => {
                self.world.join(facts(id), offer(id));
                // Both outcomes of a join.
                let last = self.world.outcomes.len() - 2;
                let first = self.world.outcomes[last].clone();
                self.look(&first);
                self.world.outcomes[last + 1].clone()
            }
        };
        self.look(&outcome);
    }

    fn pull(&mut self, id: u8) -> Outcome {
        if let Some(assignment) = self.world.pull(id) {
            self.claims.push(assignment.claim);
        }
        self.world.outcomes.last().cloned().expect("one")
    }

    fn report(&mut self, at: usize, id: u8) -> Outcome {
        if self.claims.is_empty() {
            return self.world.tick();
        }
        let claim = self.claims.remove(at % self.claims.len());
        match self.numbers.below(8) {
            0 => self.world.fail(claim, if id == 0 { Fault::Node } else { Fault::Undelivered }),
            _ => self.world.done(claim, 90),
        }
    }

    fn close(&mut self, at: usize) -> Outcome {
        let lease = self.leases.keys().nth(at % self.leases.len().max(1)).copied();
        let Some(lease) = lease else { return self.world.tick() };
        self.leases.remove(&lease);
        self.world.close_lease(&lease)
    }

    /// The oracle: effects in their order, then what holds at the end of the step.
    fn look(&mut self, outcome: &Outcome) {
        let now_ms = self.world.now_ms;
        for effect in &outcome.effects {
            match effect {
                Effect::LeaseReady { lease, job, .. } => {
                    let provider = self.world.engine.leases[lease].provider;
                    self.leases.insert(*lease, (*job, provider));
                }
                Effect::Suspend { provider, .. } => drop(self.suspended.insert(*provider)),
                Effect::Probe { provider } | Effect::Restored { provider } => drop(self.suspended.remove(provider)),
                _ => {}
            }
        }
        let open = |job: &Key, provider: &Key| {
            !self.suspended.contains(provider) && self.leases.values().any(|held| held == &(*job, *provider))
        };
        for effect in &outcome.effects {
            match effect {
                Effect::Gang(note) => {
                    let size =
                        self.jobs.iter().find(|terms| terms.job == note.job).map_or(0, |terms| terms.service.gang);
                    let oracle = self.oracles.get_mut(&note.job).expect("a gang");
                    oracle.told(size, &note.what, now_ms, |provider| open(&note.job, provider));
                }
                Effect::Assign(assignment) => {
                    let claim = assignment.claim;
                    let Some(oracle) = self.oracles.get(&claim.job) else { continue };
                    let Seen::Started(members) = &oracle.seen else { panic!("{claim:?} before the start") };
                    assert!(members.contains(&claim.provider));
                    assert!(members.iter().all(|member| open(&claim.job, member)), "assigned without a member");
                }
                _ => {}
            }
        }
        for (job, oracle) in &self.oracles {
            oracle.check(now_ms, |provider| open(job, provider));
        }
        assert!(self.oracles.values().filter(|oracle| oracle.is_partial()).count() <= 1);
        self.slots();
    }

    fn slots(&self) {
        for id in 0..PROVIDERS {
            let key = provider_key(id);
            let provider = &self.world.engine.providers[&key];
            let slots = provider.offer.as_ref().map_or(0, |offer| usize::from(offer.slots));
            let gangs = self.oracles.iter().filter(|(_, oracle)| oracle.runs_on(&key));
            let jobs: BTreeSet<Key> = gangs.map(|(job, _)| *job).collect();
            let others = provider.running.iter().filter(|(job, _, _)| !jobs.contains(job)).count();
            assert!(others + jobs.len() <= slots, "a gang that runs has no slot on {id}");
        }
    }

    /// Everybody lives and works: every job ends.
    fn calm(&mut self) {
        for _ in 0..600 {
            self.world.pass(1_000);
            for id in 0..PROVIDERS {
                let outcome = self.world.beat(id);
                self.look(&outcome);
                let outcome = self.pull(id);
                self.look(&outcome);
            }
            for claim in std::mem::take(&mut self.claims) {
                let outcome = self.world.done(claim, 90);
                self.look(&outcome);
            }
            for at in 0..self.jobs.len() {
                let job = self.jobs[at].job;
                if !self.world.engine.jobs[&job].proposals.is_empty() {
                    let outcome = self.world.open_all(&job);
                    self.look(&outcome);
                }
            }
            if self.jobs.iter().all(|terms| self.world.engine.jobs[&terms.job].is_complete()) {
                return;
            }
        }
        for terms in &self.jobs {
            let why = crate::explain::why(&self.world.engine, &terms.job).map(|why| why.message);
            println!("{:?}: {why:?}", terms.job[1]);
        }
        panic!("a job never ended");
    }
}

#[test]
fn random_schedules_end_without_a_partial_start_and_replay_the_same() {
    let mut starts = 0;
    for seed in 0..SCHEDULES {
        println!("seed {:#x}", SEED + seed);
        let mut run = Run::new(SEED + seed);
        for _ in 0..120 {
            run.op();
        }
        run.calm();
        starts += run.oracles.values().map(|oracle| oracle.starts).sum::<u32>();
        for terms in &run.jobs {
            invariants::job(&run.world.engine, &terms.job);
        }
        let (engine, outcomes) = replay(&run.world.log).expect("replays");
        assert_eq!(outcomes, run.world.outcomes);
        assert_eq!(format!("{engine:?}"), format!("{:?}", run.world.engine));
        snapshots::check(&run.world, SEED + seed);
    }
    assert!(u64::from(starts) > SCHEDULES * 5 / 2, "{starts} starts: some gangs started again");
}
