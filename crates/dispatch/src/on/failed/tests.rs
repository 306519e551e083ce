//! Failures: whose fault it was decides what follows.

use mira_core::Key;

use crate::effect::{Effect, HandOverCause, Outcome};
use crate::health::Cause;
use crate::input::{Fault, Place};
use crate::testing::{World, job_terms, provider_key};

fn running(providers: u8, terms: &Place) -> (World, Vec<u8>) {
    let world = World::running(providers, terms);
    let leased = world.engine.leases.values().map(|lease| lease.provider[1]).collect();
    (world, leased)
}

fn suspended(outcome: &Outcome) -> Vec<(Key, Cause)> {
    let all = outcome.effects.iter();
    all.filter_map(
        |effect| if let Effect::Suspend { provider, cause } = effect { Some((*provider, *cause)) } else { None },
    )
    .collect()
}

#[test]
fn a_fault_of_the_node_suspends_it_and_hands_all_its_shards_on() {
    let (mut world, leased) = running(3, &job_terms(1));
    let first = world.pull(leased[0]).expect("work").claim;
    let second = world.pull(leased[0]).expect("work").claim;
    let outcome = world.fail(first, Fault::Node);
    assert_eq!(suspended(&outcome), vec![(provider_key(leased[0]), Cause::NodeFault)]);
    let handed: Vec<_> = outcome
        .effects
        .iter()
        .filter_map(
            |effect| if let Effect::HandOver { claim, cause } = effect { Some((claim.shard, *cause)) } else { None },
        )
        .collect();
    assert_eq!(handed, vec![(first.shard, HandOverCause::NodeFailed), (second.shard, HandOverCause::Suspended)]);
    assert_eq!(world.pull(leased[0]), None);
    assert_eq!(world.engine.jobs[&first.job].tally.redispatched, 2);
}

#[test]
fn a_shard_that_three_owners_fail_is_given_up_and_the_rest_completes() {
    let (mut world, leased) = running(5, &job_terms(1));
    assert!(leased.len() >= 3);
    let mut given_up = Vec::new();
    for id in &leased[..3] {
        let claim = world.pull(*id).expect("work").claim;
        assert_eq!(claim.shard, 0);
        let outcome = world.fail(claim, Fault::Module);
        assert!(suspended(&outcome).is_empty());
        given_up
            .extend(outcome.effects.into_iter().filter(|effect| matches!(effect, Effect::GivenUp { shard: 0, .. })));
    }
    assert_eq!(given_up.len(), 1);
    let mut last = Outcome::default();
    for round in 0..40 {
        if let Some(assignment) = world.pull(leased[round % leased.len()]) {
            last = world.done(assignment.claim, 90);
        }
    }
    assert!(last.effects.contains(&Effect::JobComplete { job: job_terms(1).job, failed: 1 }));
    assert_eq!(world.engine.jobs[&job_terms(1).job].as_str(), "failed");
}

#[test]
fn one_owner_alone_cannot_sabotage_a_shard() {
    let (mut world, leased) = running(3, &job_terms(1));
    for _ in 0..5 {
        let claim = world.pull(leased[0]).expect("work").claim;
        world.fail(claim, Fault::Module);
        world.pass(5_500);
        leased.iter().for_each(|id| drop(world.beat(*id)));
    }
    let claim = world.pull(leased[1]).expect("work").claim;
    let outcome = world.done(claim, 90);
    // It ran well elsewhere: whoever said it fails was wrong.
    assert_eq!(suspended(&outcome), vec![(provider_key(leased[0]), Cause::Disproved)]);
}

#[test]
fn what_never_arrived_is_nobodys_fault() {
    let (mut world, leased) = running(3, &job_terms(1));
    let claim = world.pull(leased[0]).expect("work").claim;
    let outcome = world.fail(claim, Fault::Undelivered);
    assert_eq!(outcome.effects, vec![Effect::HandOver { claim, cause: HandOverCause::Undelivered }]);
    assert_eq!(world.pull(leased[0]).map(|assignment| assignment.claim.attempt), Some(2));
}

#[test]
fn a_shard_stopped_short_by_the_cap_is_not_the_modules_fault() {
    let mut terms = job_terms(1);
    // Each lease covers 900 units: the first attempt of 800 leaves 100 for the next.
    terms.max_units = mira_core::amount::Units::new(800);
    let (mut world, leased) = running(3, &terms);
    let first = world.pull(leased[0]).expect("work");
    let second = world.pull(leased[0]).expect("work");
    assert_eq!((first.units_limit.get(), second.units_limit.get()), (800, 100));
    world.fail(second.claim, Fault::Module);
    let job = &world.engine.jobs[&terms.job];
    assert!(job.shard(second.claim.shard).expect("shard").failures.is_empty());
    assert_eq!(job.expected_units().get(), 200, "the next attempt needs more room");
}
