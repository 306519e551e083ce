//! Who gets which shard.

use mira_core::amount::{Payment, Units};

use crate::config::Config;
use crate::effect::Effect;
use crate::input::{Event, Fault, Pull};
use crate::testing::{World, job_terms, provider_key};

/// A world with one job and the numbers of the providers that have its leases.
fn running(providers: u8) -> (World, Vec<u8>) {
    let world = World::running(providers, &job_terms(1));
    let leased = world.engine.jobs[&job_terms(1).job].leases.iter().map(|key| world.engine.leases[key].provider[1]);
    let leased = leased.collect();
    (world, leased)
}

/// The same, but any lease alone covers all the work.
fn roomy(providers: u8) -> (World, Vec<u8>) {
    let mut world = World::with(Config { headroom_percent: 300, ..Config::default() }, providers);
    world.place(&job_terms(1));
    world.open_all(&job_terms(1).job);
    let leased = world.engine.jobs[&job_terms(1).job].leases.iter().map(|key| world.engine.leases[key].provider[1]);
    let leased = leased.collect();
    (world, leased)
}

#[test]
fn shards_go_out_in_order_and_within_slots() {
    let (mut world, leased) = running(3);
    let shards: Vec<_> = (0..3).map(|_| world.pull(leased[0]).map(|assignment| assignment.claim.shard)).collect();
    assert_eq!(shards, vec![Some(0), Some(1), None], "two slots");
    assert_eq!(world.pull(leased[1]).map(|assignment| assignment.claim.shard), Some(2));
}

#[test]
fn nothing_without_a_lease() {
    let (mut world, leased) = running(4);
    let other = (0..4).find(|id| !leased.contains(id)).expect("one without");
    assert_eq!(world.pull(other), None);
}

#[test]
fn only_under_the_leases_that_were_named() {
    let (mut world, leased) = running(3);
    let pull = Pull { provider: provider_key(leased[0]), leases: vec![[77; 32]] };
    assert!(!world.engine.has_work(&pull, world.now_ms));
    let outcome = world.feed(Event::Pull(pull));
    assert_eq!(outcome.effects, vec![Effect::Idle { provider: provider_key(leased[0]) }]);
}

#[test]
fn what_has_work_says_is_what_a_pull_gets() {
    let (mut world, leased) = running(3);
    let pull = Pull { provider: provider_key(leased[0]), leases: Vec::new() };
    for _ in 0..3 {
        let has = world.engine.has_work(&pull, world.now_ms);
        assert_eq!(has, world.pull(leased[0]).is_some());
    }
    // One that was silent for too long has none, even before anybody says so.
    let other = Pull { provider: provider_key(leased[1]), leases: Vec::new() };
    assert!(!world.engine.has_work(&other, world.now_ms + 6_001));
}

#[test]
fn the_limit_shrinks_near_the_cap_and_then_work_stops() {
    let (mut world, leased) = running(3);
    let mut limits = Vec::new();
    // The lease covers 900 units; each shard uses 140 of at most 150.
    while let Some(assignment) = world.pull(leased[0]) {
        limits.push(assignment.units_limit);
        world.done(assignment.claim, 140.min(assignment.units_limit.get()));
    }
    assert_eq!(limits, [vec![Units::new(150); 5], vec![Units::new(150)]].concat());
    let job = &world.engine.jobs[&job_terms(1).job];
    let lease = world.engine.leases_of(job).find(|(_, lease)| lease.provider == provider_key(leased[0]));
    let lease = lease.expect("lease").1;
    assert_eq!(lease.used, Units::new(840));
    assert!(lease.amount_due() <= Payment::new(450));
}

#[test]
fn an_owner_does_not_get_back_what_it_failed_while_others_may() {
    let (mut world, leased) = running(3);
    let claim = world.pull(leased[0]).expect("work").claim;
    world.fail(claim, Fault::Module);
    assert_eq!(world.pull(leased[0]).map(|assignment| assignment.claim.shard), Some(1));
    assert_eq!(world.pull(leased[1]).map(|assignment| assignment.claim.shard), Some(0), "the other takes it");
}

#[test]
fn it_gets_it_back_when_nobody_else_wants_it() {
    let (mut world, leased) = running(3);
    let claim = world.pull(leased[0]).expect("work").claim;
    world.fail(claim, Fault::Module);
    world.pass(5_000);
    assert_eq!(world.pull(leased[0]).map(|assignment| assignment.claim.shard), Some(0));
}

#[test]
fn the_tail_runs_twice_when_it_is_late() {
    let (mut world, leased) = roomy(3);
    let late = world.pull(leased[0]).expect("work").claim;
    let mut duplicates = Vec::new();
    while let Some(assignment) = world.pull(leased[1]) {
        world.pass(100);
        leased.iter().for_each(|id| drop(world.beat(*id)));
        duplicates.extend(assignment.duplicate.then_some(assignment.claim.shard));
        world.done(assignment.claim, 90);
    }
    assert_eq!(duplicates, vec![late.shard], "only the last one ran twice");
    let job = &world.engine.jobs[&job_terms(1).job];
    assert!(job.is_complete(), "the second attempt finished the job: {:?}", job.tally);
    let outcome = world.done(late, 90);
    assert_eq!(outcome.effects, vec![Effect::Duplicate { claim: late }]);
    let job = &world.engine.jobs[&job_terms(1).job];
    assert_eq!((job.tally.done, job.tally.duplicates), (20, 1));
    let lost = world.engine.leases_of(job).find(|(key, _)| **key == late.lease).expect("lease").1;
    assert_eq!((lost.used, lost.reserved), (Units::ZERO, Units::ZERO), "the loser is not paid");
}

#[test]
fn the_tail_does_not_run_twice_for_the_same_owner_or_too_early() {
    let (mut world, leased) = roomy(3);
    world.pull(leased[0]).expect("work");
    for _ in 0..19 {
        let assignment = world.pull(leased[1]).expect("work");
        world.pass(100);
        leased.iter().for_each(|id| drop(world.beat(*id)));
        if world.engine.jobs[&job_terms(1).job].tally.done == 18 {
            // The nineteenth started a moment ago; the first has run for long.
            let second = world.pull(leased[2]);
            assert_eq!(second, None, "two are left, more than the tail");
        }
        world.done(assignment.claim, 90);
    }
    assert_eq!(world.pull(leased[0]), None, "it runs it already");
    assert!(world.pull(leased[2]).is_some_and(|assignment| assignment.duplicate));
    assert_eq!(world.pull(leased[1]), None, "never three times");
}

#[test]
fn the_most_urgent_job_of_a_requester_comes_first() {
    let mut world = World::with_providers(2);
    let (slow, mut urgent) = (job_terms(1), job_terms(2));
    urgent.requester = slow.requester;
    urgent.deadline -= 600;
    for terms in [&slow, &urgent] {
        world.place(terms);
        world.open_all(&terms.job);
    }
    assert_eq!(world.pull(0).map(|assignment| assignment.claim.job), Some(urgent.job));
}
