//! `POST /v1/quotes`.

use libtest_mimic::Trial;
use mira_wire::quote::QuoteRequest;
use mira_wire::spec::{MAX_LIST, MAX_SHARDS};
use mira_wire::{KeyStr, Kind, U64Str};

use crate::api::support::work::{offer, quote};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: says_what_it_would_cost, says_which_limit_rejects, bad_requests_are_refused]
}

async fn says_what_it_would_cost() {
    let world = World::start().await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    let before = world.state().await;
    let quote = world.client.quote(&quote()).await.unwrap().data;
    assert!(quote.feasible && quote.reason.is_none(), "{quote:?}");
    // Three shards of 500,000 units at 1,000 per million.
    assert_eq!(quote.expected_cost, U64Str(1_500));
    assert!(quote.recommended_funding >= quote.expected_cost);
    assert_eq!((quote.owners, quote.owners_needed), (1, 1));
    assert_eq!(world.state().await, before, "a quote reserves nothing");
    world.stop().await;
}

async fn says_which_limit_rejects() {
    let world = World::start().await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    for (request, limit) in [
        (QuoteRequest { max_unit_price: Some(U64Str(999)), ..quote() }, "price_cap"),
        (QuoteRequest { deny: vec![KeyStr(rows::PROVIDER)], ..quote() }, "deny_list"),
        (QuoteRequest { regions: vec!["us-east".to_owned()], ..quote() }, "region_rule"),
        (QuoteRequest { resource_class: "gpu-large".to_owned(), ..quote() }, "resource_fit"),
        (QuoteRequest { min_provider_stake: U64Str(u64::MAX), ..quote() }, "stake_floor"),
    ] {
        let quote = world.client.quote(&request).await.unwrap().data;
        assert!(!quote.feasible && quote.reason.is_some(), "{quote:?}");
        assert!(quote.rejects.iter().any(|reject| reject.limit == limit && reject.count == 1), "{limit}: {quote:?}");
    }
    world.stop().await;
}

async fn bad_requests_are_refused() {
    let world = World::start().await;
    for (bad, kind) in [
        (QuoteRequest { tier: "fast".to_owned(), ..quote() }, Kind::UnknownTier),
        (QuoteRequest { tier: "interactive".to_owned(), ..quote() }, Kind::TierNotServed),
        (QuoteRequest { unit_kind: "watts".to_owned(), ..quote() }, Kind::UnknownUnitKind),
        (QuoteRequest { region: "EU".to_owned(), ..quote() }, Kind::InvalidLabel),
        (QuoteRequest { regions: vec!["EU".to_owned()], ..quote() }, Kind::InvalidLabel),
        (QuoteRequest { resource_class: "x".repeat(17), ..quote() }, Kind::InvalidLabel),
        (QuoteRequest { max_unit_price: Some(U64Str(0)), ..quote() }, Kind::PriceZero),
        (QuoteRequest { max_share_bps: 0, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { max_share_bps: 10_001, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { max_leases: 0, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { shards: 0, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { shards: u32::try_from(MAX_SHARDS).unwrap() + 1, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { est_units_per_shard: U64Str(0), ..quote() }, Kind::InvalidBody),
        (QuoteRequest { deny: vec![KeyStr([1; 32]); MAX_LIST + 1], ..quote() }, Kind::InvalidBody),
    ] {
        refused(world.client.quote(&bad).await, kind);
    }
    world.stop().await;
}
