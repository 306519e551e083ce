//! The words name the winner, the others, and what stands against them.

use mira_core::amount::UnitPrice;

use super::*;
use crate::testing::{World, facts, job_terms, offer, provider_key};

fn name(key: &Key) -> String {
    format!("p{}", key[1])
}

#[test]
fn a_decision_names_everybody_and_why() {
    let mut world = World::with_providers(3);
    world.join(facts(3), crate::input::Offer { unit_price: UnitPrice::new(2_000_000), ..offer(3) });
    let record = world.place(&job_terms(1)).records[0].clone();
    let text = explain(&record, name);
    let winner = record.winner.expect("winner");
    assert!(text.contains(&format!("{} won", name(&winner))), "{text}");
    assert!(text.contains("price_cap rejected 1"), "{text}");
    assert!(text.contains("p3 at 2000000 per 1,000,000 units: rejected by price_cap"), "{text}");
    assert_eq!(text.matches("score ").count(), 3, "{text}");
    assert_eq!((text.matches(": won").count(), text.matches("as good, but drawn later").count()), (1, 2), "{text}");
}

#[test]
fn a_waiting_job_says_what_it_waits_for() {
    let mut world = World::with_providers(1);
    let terms = job_terms(1);
    world.place(&terms);
    let why = why(&world.engine, &terms.job).expect("known");
    assert_eq!((why.status, why.owners_needed, why.live_leases), ("waiting", 2, 0));
    assert!(why.message.contains("1 of 2 owners needed"), "{}", why.message);
    assert_eq!(why.decisions.len(), 1);
}

#[test]
fn a_running_job_counts() {
    let terms = job_terms(1);
    let mut world = World::running(3, &terms);
    let leased = world.engine.leases.values().next().expect("lease").provider;
    let claim = world.pull(leased[1]).expect("work").claim;
    world.done(claim, 100);
    let why = why(&world.engine, &terms.job).expect("known");
    assert_eq!((why.status, why.live_leases), ("running", 3));
    assert_eq!(why.message, "1 of 20 shards are done; 3 leases are live");
    assert!(super::why(&world.engine, &provider_key(0)).is_none());
}
