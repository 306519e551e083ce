//! `GET /v1/providers`.

use libtest_mimic::Trial;
use mira_store::model::{Ordinal, ProviderRow};
use mira_wire::provider::ProvidersQuery;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_meet_everyone_once, filters_find_what_they_say, recent_ones_come_first, bad_queries_are_refused]
}

/// Five providers; the later in key order, the older their last event.
fn five() -> Vec<ProviderRow> {
    (0u8..5)
        .map(|n| ProviderRow {
            provider: [0x50 + n; 32],
            ord: Ordinal { slot: u64::from(9 - n), signature: [n; 64], ix: 0, inner_ix: 0 },
            ..rows::provider()
        })
        .collect()
}

async fn collect(world: &World, mut query: ProvidersQuery) -> Vec<KeyStr> {
    let mut keys = Vec::new();
    loop {
        let page = world.client.providers(&query).await.unwrap();
        keys.extend(page.data.iter().map(|provider| provider.provider));
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return keys,
        }
    }
}

async fn pages_meet_everyone_once() {
    let world = World::with_rows(five().into_iter().map(Into::into).collect()).await;
    let all: Vec<_> = five().iter().map(|row| KeyStr(row.provider)).collect();
    for limit in [1, 2, 5, 100] {
        let query = ProvidersQuery { limit: Some(limit), ..ProvidersQuery::default() };
        assert_eq!(collect(&world, query).await, all, "limit {limit}");
    }
    world.stop().await;
}

async fn filters_find_what_they_say() {
    let world = World::with_rows(vec![rows::provider().into(), rows::other_provider().into()]).await;
    let one = |query| collect(&world, query);
    let region = ProvidersQuery { region: Some("us-east".to_owned()), ..ProvidersQuery::default() };
    assert_eq!(one(region).await, [KeyStr(rows::OTHER_PROVIDER)]);
    let operator = KeyStr(rows::key_of(rows::OPERATOR));
    let operator = ProvidersQuery { operator: Some(operator), ..ProvidersQuery::default() };
    assert_eq!(one(operator).await, [KeyStr(rows::PROVIDER)]);
    let jailed = ProvidersQuery { status: Some("jailed".to_owned()), ..ProvidersQuery::default() };
    assert!(one(jailed).await.is_empty());
    world.stop().await;
}

async fn recent_ones_come_first() {
    let world = World::with_rows(five().into_iter().rev().map(Into::into).collect()).await;
    let query = ProvidersQuery { sort: Some("recent".to_owned()), limit: Some(2), ..ProvidersQuery::default() };
    let all: Vec<_> = five().iter().map(|row| KeyStr(row.provider)).collect();
    assert_eq!(collect(&world, query).await, all);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::with_rows(five().into_iter().map(Into::into).collect()).await;
    for limit in ["0", "101", "4294967295"] {
        assert_problem(world.get(&format!("/v1/providers?limit={limit}")).await, Kind::InvalidLimit).await;
    }
    for query in ["limit=x", "limit=-1", "sort=name", "status=gone", "region=EU", "owner=abc", "color=red"] {
        assert_problem(world.get(&format!("/v1/providers?{query}")).await, Kind::InvalidParameter).await;
    }
    let by_key = ProvidersQuery { limit: Some(1), ..ProvidersQuery::default() };
    let cursor = world.client.providers(&by_key).await.unwrap().next_cursor;
    let other_order = ProvidersQuery { sort: Some("recent".to_owned()), cursor, ..ProvidersQuery::default() };
    refused(world.client.providers(&other_order).await, Kind::InvalidCursor);
    assert_problem(world.get("/v1/providers?cursor=zzz").await, Kind::InvalidCursor).await;
    world.stop().await;
}
