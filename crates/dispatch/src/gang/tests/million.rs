//! A million random schedules of the protocol: no partial start, no deadlock.

use std::thread;

use crate::fair::tests::line::Numbers;
use crate::gang::advance::advance;
use crate::gang::book::Book;
use crate::gang::tests::model::{Model, Play, Stand, has, id, key};
use crate::gang::tests::oracle::{Oracle, Seen};

const SCHEDULES: u64 = 1_000_000;

/// Schedules differ by it; change it to search elsewhere.
const SEED: u64 = 0x6761_6e67;

/// Rounds in which a calm world must have finished all its gangs.
const CALM: u64 = 100;

struct Schedule {
    seed: u64,
    numbers: Numbers,
    model: Model,
    book: Book,
    sizes: Vec<u16>,
    oracles: Vec<Oracle>,
    now_ms: u64,
}

impl Schedule {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let providers = 2 + small(&mut numbers, 4);
        let stands = (0..providers).map(|_| Stand { up: true, slots: 1 + small(&mut numbers, 2), ..Stand::default() });
        let stands: Vec<Stand> = stands.collect();
        let gangs = 2 + small(&mut numbers, 3);
        let sizes: Vec<u16> =
            (0..gangs).map(|_| u16::try_from(1 + small(&mut numbers, providers)).expect("few")).collect();
        let model = Model { stands, plays: vec![Play::default(); gangs], ..Model::default() };
        let mut book = Book::default();
        for (job, size) in sizes.iter().enumerate() {
            book.enter(&key(job), *size, numbers.below(3));
        }
        let oracles = vec![Oracle::default(); gangs];
        Schedule { seed, numbers, model, book, sizes, oracles, now_ms: 1_000 }
    }

    fn small(&mut self, bound: usize) -> usize {
        small(&mut self.numbers, bound)
    }

    /// One thing happens.
    fn op(&mut self) {
        let (stand, job) = (self.small(self.model.stands.len()), self.small(self.model.plays.len()));
        match self.small(12) {
            0 => self.flip(stand),
            1..=4 => self.open(job),
            5 => self.model.plays[job].leases &= !(1 << stand),
            6 | 7 => self.batch(stand),
            8 => self.end_batch(stand),
            9 => self.now_ms += self.numbers.below(150),
            10 => self.finish(job),
            _ => self.decline(job),
        }
        self.settle();
    }

    fn flip(&mut self, stand: usize) {
        let held = &mut self.model.stands[stand];
        held.up = !held.up;
        (held.firm, held.preemptible) = (0, 0);
        self.model.plays.iter_mut().for_each(|play| play.proposals &= !(1 << stand));
        self.book.changed = true;
    }

    /// Its oldest proposal becomes a lease.
    fn open(&mut self, job: usize) {
        let play = &mut self.model.plays[job];
        let oldest = play.proposals & play.proposals.wrapping_neg();
        play.proposals &= !oldest;
        play.leases |= oldest;
    }

    /// A shard of no gang comes: a firm one to a free slot, a preemptible one to a lent slot too.
    fn batch(&mut self, stand: usize) {
        let (claimed, started) = crate::gang::slots::gangs(&self.book, &key(stand));
        let firm = self.small(2) == 0;
        let held = &mut self.model.stands[stand];
        let taken = held.firm + held.preemptible + if firm { claimed } else { started };
        if held.up && taken < held.slots {
            *(if firm { &mut held.firm } else { &mut held.preemptible }) += 1;
        }
    }

    fn end_batch(&mut self, stand: usize) {
        let held = &mut self.model.stands[stand];
        held.firm = held.firm.saturating_sub(1);
    }

    fn finish(&mut self, job: usize) {
        self.model.plays[job].over |= matches!(self.oracles[job].seen, Seen::Started(_));
    }

    fn decline(&mut self, job: usize) {
        let play = &mut self.model.plays[job];
        let oldest = play.proposals & play.proposals.wrapping_neg();
        play.proposals &= !oldest;
        play.declined |= oldest;
        self.book.changed = true;
    }

    /// The protocol runs, and the oracle looks at what it told.
    fn settle(&mut self) {
        while self.model.wake_ms.first().is_some_and(|at_ms| *at_ms <= self.now_ms) {
            self.model.wake_ms.pop_first();
            self.book.changed = true;
        }
        advance(&mut self.book, &mut self.model, self.now_ms);
        let (model, now_ms) = (&self.model, self.now_ms);
        let open = |job: usize, provider: &mira_core::Key| {
            model.stands[id(provider)].up && has(model.plays[job].leases, id(provider))
        };
        for note in &model.told {
            let job = id(&note.job);
            self.oracles[job].told(self.sizes[job], &note.what, now_ms, |provider| open(job, provider));
        }
        for (job, oracle) in self.oracles.iter().enumerate() {
            oracle.check(now_ms, |provider| open(job, provider));
        }
        let partial = self.oracles.iter().filter(|oracle| oracle.is_partial()).count();
        assert!(partial <= 1, "two gangs hold halves");
        for (stand, held) in model.stands.iter().enumerate() {
            let gangs = self.oracles.iter().filter(|oracle| oracle.runs_on(&key(stand))).count();
            assert!(held.firm + held.preemptible + gangs <= held.slots, "more runs than there are slots");
        }
        self.model.told.clear();
    }

    /// Everybody is there, takes what is offered and finishes: so must every gang.
    fn calm(&mut self) {
        self.model.stands.iter_mut().for_each(|stand| stand.up = true);
        self.book.changed = true;
        for _ in 0..CALM {
            self.now_ms += 40;
            for stand in &mut self.model.stands {
                stand.firm = 0;
            }
            for job in 0..self.model.plays.len() {
                self.finish(job);
                self.open(job);
            }
            self.settle();
            if self.oracles.iter().all(|oracle| oracle.seen == Seen::Left) {
                return;
            }
        }
        panic!("seed {}: a deadlock: {:?} {:?}", self.seed, self.book, self.model);
    }
}

fn small(numbers: &mut Numbers, bound: usize) -> usize {
    usize::try_from(numbers.below(bound as u64)).expect("small")
}

/// How many gangs started, and how many of them more than once.
fn run(seeds: std::ops::Range<u64>) -> (u64, u64) {
    let (mut starts, mut again) = (0, 0);
    for seed in seeds {
        let mut schedule = Schedule::new(SEED.wrapping_add(seed));
        schedule.settle();
        for _ in 0..4 + schedule.small(20) {
            schedule.op();
        }
        schedule.calm();
        starts += schedule.oracles.iter().filter(|oracle| oracle.starts > 0).count() as u64;
        again += schedule.oracles.iter().filter(|oracle| oracle.starts > 1).count() as u64;
    }
    (starts, again)
}

#[test]
fn a_million_schedules_without_a_partial_start_or_a_deadlock() {
    println!("{SCHEDULES} schedules from seed {SEED:#x}");
    let parts = 4;
    let part = SCHEDULES / parts;
    let counts: Vec<(u64, u64)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..parts).map(|at| scope.spawn(move || run(at * part..(at + 1) * part))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no schedule failed")).collect()
    });
    let (starts, again) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{starts} gangs started, {again} of them again after a member was lost");
    assert!(starts > 2 * SCHEDULES && again > SCHEDULES / 100, "the schedules say something: {starts} {again}");
}
