//! Results: the first of a holder counts, once.

use mira_core::amount::{Payment, Units};

use crate::effect::{Accepted, Effect, RejectReason};
use crate::health::Cause;
use crate::input::{Claim, Event, Fault};
use crate::testing::{World, job_terms, key, provider_key, without_prices};

fn running() -> (World, Vec<u8>) {
    let world = World::running(3, &job_terms(1));
    let leased = world.engine.leases.values().map(|lease| lease.provider[1]).collect();
    (world, leased)
}

fn rejected(outcome: &crate::effect::Outcome) -> Option<RejectReason> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::Rejected { reason, .. } => Some(*reason),
        _ => None,
    })
}

#[test]
fn an_accepted_result_is_owed() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    let outcome = world.done(claim, 91);
    let accepted = Accepted { claim, lease_units: Units::new(91), amount_due: Payment::new(46) };
    assert_eq!(outcome.effects, vec![Effect::Accepted(accepted.clone())]);
    // Sent again because the answer was lost: the same answer, and nothing counted twice.
    assert_eq!(world.done(claim, 91).effects, vec![Effect::Accepted(accepted)]);
    assert_eq!(world.engine.jobs[&claim.job].tally.done, 1);
}

#[test]
fn only_the_holder_may_report() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    let forged = [
        Claim { provider: provider_key(leased[1]), ..claim },
        Claim { lease: key(8, 99), ..claim },
        Claim { attempt: 2, ..claim },
        Claim { shard: 5, ..claim },
    ];
    for claim in forged {
        assert_eq!(rejected(&world.done(claim, 1)), Some(RejectReason::NotHolder));
        assert_eq!(rejected(&world.fail(claim, Fault::Node)), Some(RejectReason::NotHolder));
    }
    assert_eq!(rejected(&world.done(Claim { job: key(3, 9), ..claim }, 1)), Some(RejectReason::UnknownJob));
    assert_eq!(rejected(&world.done(Claim { shard: 20, ..claim }, 1)), Some(RejectReason::UnknownShard));
    assert_eq!(world.engine.jobs[&claim.job].tally.done, 0);
}

#[test]
fn a_result_of_an_attempt_that_was_handed_on_is_refused() {
    let (mut world, leased) = running();
    let first = world.pull(leased[0]).expect("work").claim;
    world.pass(25_000);
    // Silent for too long: suspended, its shard handed on.
    [leased[1], leased[2]].iter().for_each(|id| drop(world.beat(*id)));
    world.engine.providers.values_mut().for_each(|provider| provider.health = crate::health::Health::new(world.now_ms));
    let second = world.pull(leased[1]).expect("handed on").claim;
    assert_eq!((second.shard, second.attempt), (first.shard, 2));
    assert_eq!(rejected(&world.done(first, 90)), Some(RejectReason::NotHolder));
    assert!(rejected(&world.done(second, 90)).is_none());
}

#[test]
fn more_units_than_allowed_are_not_paid() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    let outcome = world.done(claim, 151);
    assert_eq!(rejected(&outcome), Some(RejectReason::OverLimit));
    assert!(outcome.effects.contains(&Effect::Suspend { provider: provider_key(leased[0]), cause: Cause::OverLimit }));
    assert_eq!(world.pull(leased[1]).map(|assignment| assignment.claim.shard), Some(claim.shard));
    assert_eq!(world.engine.leases[&claim.lease].amount_due(), Payment::ZERO);
}

#[test]
fn the_last_result_completes_the_job() {
    let (mut world, leased) = running();
    let mut complete = 0;
    for round in 0..20 {
        let id = leased[round % 3];
        let Some(assignment) = world.pull(id) else { continue };
        let outcome = world.done(assignment.claim, 100);
        complete +=
            outcome.effects.iter().filter(|effect| matches!(effect, Effect::JobComplete { failed: 0, .. })).count();
    }
    assert_eq!(complete, 1);
    assert_eq!(world.engine.jobs[&job_terms(1).job].as_str(), "complete");
    assert_eq!(world.pull(leased[0]), None);
}

#[test]
fn nothing_counts_after_the_job_ended() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    world.sync(&claim.job, false);
    assert_eq!(rejected(&world.done(claim, 90)), Some(RejectReason::JobEnded));
    assert_eq!(world.engine.leases[&claim.lease].reserved, Units::ZERO);
}

#[test]
fn a_closed_lease_hands_its_shards_on() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    let outcome = world.close_lease(&claim.lease);
    assert!(
        outcome.effects.iter().any(|effect| matches!(effect, Effect::HandOver { claim: lost, .. } if *lost == claim))
    );
    assert_eq!(world.pull(leased[0]), None);
    assert_eq!(world.pull(leased[1]).map(|assignment| assignment.claim.shard), Some(claim.shard));
}

#[test]
fn a_restart_blames_nobody() {
    let (mut world, leased) = running();
    let claim = world.pull(leased[0]).expect("work").claim;
    world.pass(3_600_000 - 30_000);
    let outcome = world.feed(Event::Start(crate::config::Config::default()));
    // The dispatch epoch of the placement ends meanwhile, and nothing else.
    assert!(matches!(without_prices(outcome)[..], [Effect::EpochClosed(_)]));
    assert!(rejected(&world.done(claim, 90)).is_none());
}
