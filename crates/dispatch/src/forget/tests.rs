//! What is forgotten and when, and that nobody else notices.

mod town;

use std::collections::BTreeSet;

use mira_core::Key;

use crate::config::Config;
use crate::effect::route::NoRoute;
use crate::effect::{Effect, Outcome, RejectReason};
use crate::engine::Engine;
use crate::forget::tests::town::Town;
use crate::input::{Event, Input, JobFacts};
use crate::properties::snapshots;
use crate::snapshot;
use crate::testing::{World, job_terms, without_prices};

const DAY_MS: u64 = 86_400_000;

fn is_known(world: &World, id: u8) -> bool {
    world.engine.job(&job_terms(id).job).is_some()
}

#[test]
fn a_job_that_the_chain_closed_is_forgotten_a_day_later_with_its_leases() {
    let terms = job_terms(1);
    let mut world = World::running(3, &terms);
    let claim = world.pull(0).expect("a shard").claim;
    world.done(claim, 90);
    let busy = world.pull(0).expect("a shard").claim;
    let before = world.engine.overview();
    world.sync(&terms.job, false);
    world.pass(DAY_MS - 1);
    world.tick();
    assert!(is_known(&world, 1) && !world.engine.leases.is_empty());
    world.pass(1);
    world.tick();
    assert!(!is_known(&world, 1) && world.engine.leases.is_empty());
    assert_eq!((world.engine.overview().shards_done, before.shards_done), (1, 1), "the sums go on");
    let late = without_prices(world.done(busy, 90));
    assert!(matches!(late[..], [Effect::Rejected { reason: RejectReason::UnknownJob, .. }]), "{late:?}");
    assert!(!format!("{:?}", world.engine.timers).contains("Deadline"), "its deadline is forgotten too");
}

#[test]
fn a_complete_job_is_known_until_it_cannot_be_placed_again() {
    let mut terms = job_terms(1);
    terms.shards.truncate(1);
    let mut world = World::running(3, &terms);
    let claim = (0..3).find_map(|id| world.pull(id)).expect("a shard").claim;
    world.done(claim, 90);
    assert!(world.engine.jobs[&terms.job].is_complete());
    // Its deadline is in two hours; then it is put off by two days.
    world.pass(2 * 3_600_000);
    world.tick();
    let deadline = terms.deadline + 2 * 86_400;
    world.feed(Event::Job(JobFacts { deadline, ..world.facts_of(&terms.job) }));
    world.pass(DAY_MS);
    world.tick();
    assert!(is_known(&world, 1), "it may be placed again: it knows that it is complete");
    terms.deadline = deadline;
    assert_eq!(without_prices(world.place(&terms)), []);
    world.pass(DAY_MS);
    world.tick();
    assert!(is_known(&world, 1), "its deadline has just passed");
    world.pass(DAY_MS);
    world.tick();
    assert!(!is_known(&world, 1));
}

#[test]
fn decisions_of_a_spec_that_was_forgotten_have_new_names() {
    let (first, mut second) = (job_terms(1), job_terms(2));
    second.spec_hash = first.spec_hash;
    let mut world = World::running(3, &first);
    world.sync(&first.job, false);
    world.pass(DAY_MS);
    world.tick();
    assert!(!is_known(&world, 1));
    second.deadline += 86_400;
    world.place(&second);
    let names: Vec<_> = world.outcomes.iter().flat_map(|outcome| &outcome.records).map(|record| record.id).collect();
    assert!(names.len() >= 4, "both were decided");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

/// What an engine that remembers says, but for jobs that `other` has forgotten: that it does not know them.
fn as_told_by(other: &Engine, mut outcome: Outcome) -> Outcome {
    let knows = |job: &Key| other.job(job).is_some();
    outcome.effects.retain(|effect| !matches!(effect, Effect::JobEnded { job } if !knows(job)));
    for effect in &mut outcome.effects {
        match effect {
            Effect::Rejected { claim, reason } if !knows(&claim.job) => *reason = RejectReason::UnknownJob,
            Effect::Unrouted { job, reason } if !knows(job) => *reason = NoRoute::UnknownJob,
            _ => {}
        }
    }
    outcome
}

#[test]
fn who_forgets_decides_about_all_others_as_who_remembers() {
    let mut forgotten = 0;
    for seed in 0..60 {
        println!("seed {seed}");
        let mut town = Town::new(seed, u64::MAX);
        (0..8).for_each(|_| town.place());
        (0..500).for_each(|_| town.op());
        let mut engine = Engine::new();
        for (entry, outcome) in town.world.log.iter().zip(&town.world.outcomes) {
            let mut input: Input = borsh::from_slice(&entry.input).expect("an input");
            if let Event::Start(config) = &mut input.event {
                *config = Config { forget_after_ms: 2_000, ..config.clone() };
            }
            let told = engine.step(&input);
            assert_eq!(told, as_told_by(&engine, outcome.clone()), "{input:?}");
        }
        let remembers = &town.world.engine;
        assert_eq!(engine.overview(), remembers.overview());
        forgotten += remembers.jobs.len() - engine.jobs.len();
    }
    println!("{forgotten} of 480 jobs were forgotten");
    assert!(forgotten > 150);
}

#[test]
fn memory_does_not_grow_with_the_jobs_that_were() {
    const SEED: u64 = 7;
    let run = |forget_after_ms: u64, jobs: usize| {
        let mut town = Town::new(SEED, forget_after_ms);
        let (mut placed, mut most) = (0, 0);
        while placed < jobs {
            (0..12).for_each(|_| town.op());
            if town.under_way() < 6 {
                town.place();
                placed += 1;
            }
            most = most.max(snapshot::write(&town.world.engine).expect("writes").len());
        }
        (most, town)
    };
    let ((few, _), (many, town), (all, remembers)) = (run(5_000, 60), run(5_000, 240), run(u64::MAX, 240));
    let (jobs, all_jobs) = (town.world.engine.jobs.len(), remembers.world.engine.jobs.len());
    println!("seed {SEED}: bytes at most {few} of 60 jobs, {many} of 240 ({jobs} known), {all} if none is forgotten");
    assert!(many < few + few / 4, "four times the jobs");
    assert!(all > 3 * many && all_jobs == 240, "without forgetting it grows");
    assert!(jobs < 40);
    snapshots::check(&town.world, SEED);
}
