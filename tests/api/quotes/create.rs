//! `POST /v1/quotes`.

use libtest_mimic::Trial;
use mira_wire::quote::QuoteRequest;
use mira_wire::service::{Service, Stage};
use mira_wire::spec::{MAX_LIST, MAX_SHARDS};
use mira_wire::{HashHex, KeyStr, Kind, U64Str};

use crate::api::support::work::{offer, quote};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        says_what_it_would_cost,
        says_what_each_tier_would_make_of_it,
        says_which_limit_rejects,
        bad_requests_are_refused,
    ]
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

async fn says_what_each_tier_would_make_of_it() {
    let world = World::start().await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    let stage = Stage { module: HashHex([1; 32]) };
    let request = QuoteRequest {
        tier: "pipeline".to_owned(),
        service: Service { stages: vec![stage; 2], ..Service::default() },
        time_limit_ms: Some(U64Str(5_000)),
        within_ms: Some(U64Str(1)),
        ..quote()
    };
    let quote = world.client.quote(&request).await.unwrap().data;
    let tiers: Vec<_> = quote.tiers.iter().map(|row| row.tier.as_str()).collect();
    assert_eq!(tiers, ["interactive", "batch", "training", "pipeline"]);
    let row = |tier| quote.tiers.iter().find(|row| row.tier == tier).unwrap();
    // Three stages of three shards of 500,000 units at 1,000 per million.
    assert_eq!((row("pipeline").expected_cost, quote.expected_cost), (U64Str(4_500), U64Str(4_500)));
    assert!(row("pipeline").feasible && row("pipeline").in_time == Some(false), "{quote:?}");
    assert!(!row("batch").feasible && row("batch").reason.is_some(), "{quote:?}");
    let promise = &quote.promise;
    assert_eq!((promise.tier.as_str(), promise.id(), promise.start.basis.as_str()), ("pipeline", quote.id, "limits"));
    // 60 s until the first shard; 20 s a shard; nine shards on four slots, a chain of three: 9 × 20 / 4 + 60 × 3 / 4.
    let completion = promise.completion.as_ref().unwrap();
    assert_eq!(
        (completion.basis.as_str(), completion.p50_ms, completion.p99_ms),
        ("limits", U64Str(150_000), U64Str(150_000))
    );
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
        (QuoteRequest { service: Service { gang: Some(0), ..Service::default() }, ..quote() }, Kind::InvalidBody),
        (QuoteRequest { deny: vec![KeyStr([1; 32]); MAX_LIST + 1], ..quote() }, Kind::InvalidBody),
    ] {
        refused(world.client.quote(&bad).await, kind);
    }
    world.stop().await;
}
