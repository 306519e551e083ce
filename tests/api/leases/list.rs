//! `GET /v1/leases`.

use libtest_mimic::Trial;
use mira_store::model::LeaseRow;
use mira_wire::lease::LeasesQuery;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: filters_find_what_they_say, bad_queries_are_refused]
}

async fn filters_find_what_they_say() {
    let ended = LeaseRow { lease: [0x32; 32], released: true, ended: true, ..rows::lease() };
    let others = LeaseRow { lease: [0x33; 32], provider: rows::OTHER_PROVIDER, ..rows::lease() };
    let world = World::with_rows(vec![rows::lease().into(), ended.into(), others.into()]).await;
    let found = async |query: LeasesQuery| {
        world.client.leases(&query).await.unwrap().data.iter().map(|lease| lease.lease.get()[0]).collect::<Vec<_>>()
    };
    assert_eq!(found(LeasesQuery::default()).await, [0x31, 0x32, 0x33]);
    assert_eq!(found(LeasesQuery { ended: Some(true), ..LeasesQuery::default() }).await, [0x32]);
    assert_eq!(found(LeasesQuery { released: Some(false), ..LeasesQuery::default() }).await, [0x31, 0x33]);
    let provider = Some(KeyStr(rows::OTHER_PROVIDER));
    assert_eq!(found(LeasesQuery { provider, ..LeasesQuery::default() }).await, [0x33]);
    assert!(found(LeasesQuery { job: Some(KeyStr([1; 32])), ..LeasesQuery::default() }).await.is_empty());
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert_problem(world.get("/v1/leases?limit=101").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/leases?ended=1").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/leases?cursor=abc").await, Kind::InvalidCursor).await;
    world.stop().await;
}
