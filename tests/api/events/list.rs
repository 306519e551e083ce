//! `GET /v1/events`.

use libtest_mimic::Trial;
use mira_store::model::RawEvent;
use mira_wire::{Kind, PageQuery};

use crate::api::support::events::{funded, raw};
use crate::api::support::{World, assert_problem, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_through_the_ledger, an_unreadable_event_is_not_skipped, bad_queries_are_refused]
}

async fn pages_through_the_ledger() {
    let world = World::start().await;
    world.write(Vec::new(), (1..=5).map(|seq| raw(11, seq, &funded(seq))).collect()).await;
    let mut query = PageQuery { limit: Some(2), cursor: None };
    let mut seqs = Vec::new();
    loop {
        let page = world.client.events(&query).await.unwrap();
        for event in &page.data {
            assert_eq!((event.name.as_str(), event.slot.get(), event.schema), ("JobFunded", 11, 1));
            assert_eq!((event.aggregates[0].kind.as_str(), event.aggregates[0].key.get()), ("job", rows::JOB));
            seqs.push(event.aggregates[0].seq.get());
        }
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => break,
        }
    }
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
    world.stop().await;
}

async fn an_unreadable_event_is_not_skipped() {
    let world = World::start().await;
    world.write(Vec::new(), vec![RawEvent { payload: vec![1, 2], ..raw(11, 1, &funded(1)) }]).await;
    assert_problem(world.get("/v1/events").await, Kind::Internal).await;
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert_problem(world.get("/v1/events?limit=0").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/events?cursor=11-1-1-1").await, Kind::InvalidCursor).await;
    assert_problem(world.get("/v1/events?sort=recent").await, Kind::InvalidParameter).await;
    world.stop().await;
}
