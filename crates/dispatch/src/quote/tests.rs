//! A quote counts who could serve, what it would cost, and why not.

use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::tier::{Tier, UnitKind};

use super::*;
use crate::config::Config;
use crate::testing::{World, facts, label, offer};

fn request() -> QuoteRequest {
    QuoteRequest {
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        resource_class: label("cpu"),
        region: None,
        regions: Vec::new(),
        deny: Vec::new(),
        max_unit_price: None,
        max_share: Bps::new(5_000).expect("bps"),
        max_leases: 4,
        min_provider_stake: Stake::ZERO,
        stake_per_million: StakePerMillion::new(1_000_000),
        shards: 10,
        est_units_per_shard: Units::new(1_000),
    }
}

fn market(prices: &[u64]) -> World {
    let mut world = World::new(Config::default());
    for (id, price) in (0u8..).zip(prices) {
        world.join(facts(id), crate::input::Offer { unit_price: UnitPrice::new(*price), ..offer(id) });
    }
    world
}

#[test]
fn expects_the_cheapest_owners_that_are_needed() {
    let world = market(&[400_000, 200_000, 900_000]);
    let quote = quote(&world.engine, &request()).expect("quote");
    assert!(quote.is_feasible());
    assert_eq!((quote.candidates, quote.owners, quote.owners_needed), (3, 3, 2));
    assert_eq!(quote.price_low, Some(UnitPrice::new(200_000)));
    assert_eq!(quote.price_median, Some(UnitPrice::new(400_000)));
    assert_eq!(quote.price_high, Some(UnitPrice::new(900_000)));
    // 10,000 units at the average of the two cheapest.
    assert_eq!(quote.expected_cost, Payment::new(3_000));
    assert_eq!(quote.recommended_funding, Payment::new(5_250));
}

#[test]
fn a_job_funded_as_recommended_is_placed() {
    let mut world = market(&[400_000, 200_000, 300_000]);
    let quote = quote(&world.engine, &request()).expect("quote");
    let terms = crate::input::Place {
        funded: quote.recommended_funding,
        free: quote.recommended_funding,
        est_units: Units::new(1_000),
        max_units: Units::new(2_000),
        shards: vec![crate::input::ShardInput { input: [1; 32], bytes: 1 }; 10],
        ..crate::testing::job_terms(1)
    };
    assert!(!crate::testing::proposals(&world.place(&terms)).is_empty());
}

#[test]
fn says_which_limit_rejected_how_many() {
    let world = market(&[400_000, 200_000, 900_000]);
    let quote = quote(&world.engine, &QuoteRequest { max_unit_price: Some(UnitPrice::new(300_000)), ..request() });
    let quote = quote.expect("quote");
    assert!(!quote.is_feasible());
    assert_eq!(quote.rejects, vec![(Limit::PriceCap, 2)]);
    assert!(quote.reason.expect("reason").contains("1 owners"));
}

#[test]
fn an_empty_market_has_no_prices() {
    let quote = quote(&market(&[]).engine, &request()).expect("quote");
    assert_eq!((quote.price_low, quote.expected_cost), (None, Payment::ZERO));
    assert!(!quote.is_feasible());
}

#[test]
fn refuses_what_no_job_can_have() {
    let world = market(&[1]);
    let refusals = [
        QuoteRequest { shards: 0, ..request() },
        QuoteRequest { est_units_per_shard: Units::ZERO, ..request() },
        QuoteRequest { max_leases: 1, ..request() },
        QuoteRequest { max_unit_price: Some(UnitPrice::ZERO), ..request() },
        QuoteRequest { tier: Tier::Training, ..request() },
    ];
    assert!(refusals.iter().all(|request| quote(&world.engine, request).is_err()));
}
