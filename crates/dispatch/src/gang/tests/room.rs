//! Room for gangs: who is stopped for one, and what its slots are lent to meanwhile.

use mira_core::amount::Payment;
use mira_core::tier::Tier;

use crate::effect::{Effect, HandOverCause};
use crate::gang::note::What;
use crate::gang::tests::cases::{gang, notes};
use crate::input::{Offer, Place};
use crate::testing::{START_MS, World, facts, job_terms, offer, provider_key};

/// Two providers of one slot each.
fn narrow() -> World {
    let mut world = World::new(crate::config::Config::default());
    (0..2).for_each(|id| world.join(facts(id), Offer { slots: 1, ..offer(id) }));
    world
}

fn batch(id: u8, preemptible: bool) -> Place {
    let mut terms = job_terms(id);
    (terms.funded, terms.free) = (Payment::new(8_000), Payment::new(8_000));
    terms.service.preemptible = preemptible;
    terms
}

#[test]
fn a_gang_stops_preemptible_shards_and_it_is_nobodys_fault() {
    let mut world = narrow();
    let batch = batch(1, true);
    world.place(&batch);
    world.open_all(&batch.job);
    (0..2).for_each(|id| assert!(world.pull(id).is_some()));
    let terms = gang(2, 2);
    world.place(&terms);
    let outcome = world.open_all(&terms.job);
    let stopped = outcome.effects.iter().filter(
        |effect| matches!(effect, Effect::HandOver { claim, cause: HandOverCause::Preempted } if claim.job == batch.job),
    );
    assert_eq!(stopped.count(), 2);
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]));
    let tally = world.engine.jobs[&batch.job].tally;
    assert_eq!((tally.preempted, tally.redispatched), (2, 2));
    assert!((0..2).all(|id| world.engine.providers[&provider_key(id)].health.is_healthy()));
    for id in 0..2 {
        assert_eq!(world.pull(id).map(|assignment| assignment.claim.job), Some(terms.job));
        assert!(world.pull(id).is_none(), "its one slot is the gang's");
    }
}

#[test]
fn shards_that_may_not_be_stopped_are_waited_for_and_get_no_successor() {
    let mut world = narrow();
    let batch = batch(1, false);
    world.place(&batch);
    world.open_all(&batch.job);
    let claim = world.pull(0).expect("a shard").claim;
    let terms = gang(2, 2);
    world.place(&terms);
    let outcome = world.open_all(&terms.job);
    assert!(notes(&outcome).is_empty(), "one slot is taken");
    assert!(world.pull(1).is_none(), "the other slot waits with it");
    let outcome = world.done(claim, 90);
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]));
}

#[test]
fn while_leases_are_missing_slots_are_lent_to_what_ends_in_time() {
    let mut world = narrow();
    let (batch, mut long) = (batch(1, false), batch(3, false));
    // The gang's limit is two minutes; with the grace this one may take longer.
    long.time_limit_ms = 110_000;
    long.requester = batch.requester;
    for terms in [&long, &batch] {
        world.place(terms);
        world.open_all(&terms.job);
    }
    let terms = gang(2, 2);
    world.place(&terms);
    world.open_first(&terms.job, 1);
    for id in 0..2 {
        assert_eq!(world.pull(id).map(|assignment| assignment.claim.job), Some(batch.job));
    }
    assert!(world.now_ms + 10_000 + 15_000 <= START_MS + 120_000);
}

#[test]
fn a_preemptible_shard_borrows_even_when_only_slots_are_missing() {
    let mut world = narrow();
    let (firm, soft) = (batch(1, false), batch(3, true));
    for terms in [&firm, &soft] {
        world.place(terms);
        world.open_all(&terms.job);
    }
    let claim = loop {
        let claim = world.pull(0).expect("a shard").claim;
        if claim.job == firm.job {
            break claim;
        }
        world.done(claim, 90);
    };
    let terms = gang(2, 2);
    world.place(&terms);
    world.open_all(&terms.job);
    let lent = world.pull(1).expect("the slot that waits is lent").claim;
    assert_eq!(lent.job, soft.job);
    let outcome = world.done(claim, 90);
    assert!(outcome.effects.contains(&Effect::HandOver { claim: lent, cause: HandOverCause::Preempted }));
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]));
}

#[test]
fn two_gangs_never_hold_halves() {
    let mut world = narrow();
    let (first, second) = (gang(1, 2), gang(2, 2));
    world.place(&first);
    world.place(&second);
    assert_eq!(world.engine.gang(&first.job).expect("gang").members().len(), 2);
    assert!(world.engine.gang(&second.job).expect("gang").members().is_empty());
    finish(&mut world, &first);
    let outcome = world.open_all(&second.job);
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]), "its turn came");
}

/// Runs both shards of both members.
fn finish(world: &mut World, terms: &Place) {
    world.open_all(&terms.job);
    for _ in 0..2 {
        let claims: Vec<_> = (0..2).map(|id| world.pull(id).expect("a shard").claim).collect();
        assert!(claims.iter().all(|claim| claim.job == terms.job));
        claims.into_iter().for_each(|claim| drop(world.done(claim, 90)));
    }
    assert!(world.engine.jobs[&terms.job].is_complete());
}

#[test]
fn a_flood_of_gangs_does_not_keep_a_small_requester_waiting() {
    let mut world = narrow();
    let flood: Vec<Place> = (1..5).map(|id| Place { requester: [1; 32], ..gang(id, 2) }).collect();
    flood.iter().for_each(|terms| drop(world.place(terms)));
    let small = Place { requester: [2; 32], ..gang(9, 2) };
    world.place(&small);
    assert_eq!(world.engine.gangs_before(&small.job), 1, "only the one that has the slots");
    finish(&mut world, &flood[0]);
    finish(&mut world, &small);
    finish(&mut world, &flood[1]);
}

#[test]
fn slots_that_are_kept_for_requests_are_no_room_for_a_gang() {
    let starts = |floor: u16| {
        let mut config = crate::config::Config::default();
        config.route.headroom_floor = floor;
        let mut world = World::with(config, 2);
        let requests = Place { tier: Tier::Interactive, shards: Vec::new(), ..job_terms(1) };
        world.place(&requests);
        world.open_all(&requests.job);
        assert_eq!(world.engine.jobs[&requests.job].leases.len(), 2);
        let terms = gang(2, 2);
        world.place(&terms);
        let outcome = world.open_all(&terms.job);
        notes(&outcome).iter().any(|what| matches!(what, What::Started { .. }))
    };
    assert!(starts(1), "of two slots one is kept");
    assert!(!starts(2), "both are kept");
}
