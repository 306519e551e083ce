//! `GET /v1/dispatch/epochs`.

use libtest_mimic::Trial;
use mira_store::conformance::dispatch_epochs;
use mira_wire::{Kind, PageQuery};

use crate::api::support::{World, assert_problem};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_newest_first, bad_queries_are_refused]
}

async fn pages_newest_first() {
    let world = World::start().await;
    dispatch_epochs::fill(&*world.store, &[1, 2, 3, 4, 5]).await;
    let mut query = PageQuery { limit: Some(2), cursor: None };
    let mut seen = Vec::new();
    loop {
        let page = world.client.dispatch_epochs(&query).await.unwrap();
        seen.extend(page.data.iter().map(|epoch| epoch.number.get()));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert!(world.client.dispatch_epochs(&PageQuery::default()).await.unwrap().data.is_empty());
    assert_problem(world.get("/v1/dispatch/epochs?limit=101").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/dispatch/epochs?cursor=abc").await, Kind::InvalidCursor).await;
    assert_problem(world.get("/v1/dispatch/epochs?status=open").await, Kind::InvalidParameter).await;
    world.stop().await;
}
