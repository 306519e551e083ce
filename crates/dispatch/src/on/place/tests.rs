//! What can be placed at all, and that placing twice changes nothing.

use mira_core::amount::{Bps, UnitPrice, Units};
use mira_core::tier::Tier;

use crate::effect::{Effect, Outcome, Refusal};
use crate::input::Place;
use crate::testing::{World, job_terms, proposals};

fn refused(outcome: &Outcome) -> Option<&Refusal> {
    match outcome.effects.first() {
        Some(Effect::Refused(refusal)) => Some(refusal),
        _ => None,
    }
}

#[test]
fn other_tiers_are_refused() {
    for tier in [Tier::Training, Tier::Pipeline] {
        let mut world = World::with_providers(3);
        let outcome = world.place(&Place { tier, ..job_terms(1) });
        assert_eq!(refused(&outcome), Some(&Refusal::TierNotServed(tier)));
        assert!(world.engine.jobs.is_empty());
    }
}

#[test]
fn terms_that_contradict_themselves_are_refused() {
    let changes: [fn(&mut Place); 8] = [
        |terms| terms.shards.clear(),
        |terms| terms.est_units = Units::ZERO,
        |terms| terms.est_units = Units::new(151),
        |terms| terms.max_unit_price = UnitPrice::ZERO,
        |terms| terms.max_share = Bps::ZERO,
        |terms| terms.max_leases = 1,
        |terms| terms.time_limit_ms = 0,
        |terms| terms.deadline -= 7_195,
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut world = World::with_providers(3);
        let mut terms = job_terms(1);
        change(&mut terms);
        let outcome = world.place(&terms);
        assert!(matches!(refused(&outcome), Some(Refusal::BadTerms(_))), "change {index}: {outcome:?}");
        assert!(world.engine.jobs.is_empty());
    }
}

#[test]
fn placing_twice_changes_nothing() {
    let mut world = World::with_providers(3);
    assert_eq!(proposals(&world.place(&job_terms(1))).len(), 3);
    let again = world.place(&job_terms(1));
    assert_eq!(again, Outcome::default());
}

#[test]
fn the_deadline_ends_a_job() {
    let terms = job_terms(1);
    let mut world = World::running(3, &terms);
    world.pull(0);
    world.pass(7_200_000);
    let outcome = world.tick();
    assert!(outcome.effects.contains(&Effect::JobEnded { job: terms.job }));
    let job = &world.engine.jobs[&terms.job];
    assert_eq!((job.as_str(), job.running.len()), ("ended", 0));
    assert!(world.engine.providers.values().all(|provider| provider.running.is_empty()));
}
