//! `GET /v1/disputes`.

use libtest_mimic::Trial;
use mira_store::model::{DisputeRow, DisputeStatus, Ordinal};
use mira_wire::dispute::DisputesQuery;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: filters_find_what_they_say, pages_meet_every_one_once, bad_queries_are_refused]
}

async fn world() -> World {
    let ord = |inner_ix| Ordinal { inner_ix, ..rows::dispute().ord };
    let upheld = DisputeRow {
        dispute: [0x42; 32],
        lease: [0x32; 32],
        status: DisputeStatus::Upheld,
        ord: ord(7),
        ..rows::dispute()
    };
    let others = DisputeRow { dispute: [0x43; 32], provider: rows::OTHER_PROVIDER, ord: ord(8), ..rows::dispute() };
    World::with_rows(vec![rows::dispute().into(), upheld.into(), others.into()]).await
}

async fn filters_find_what_they_say() {
    let world = world().await;
    let found = async |query: DisputesQuery| {
        let page = world.client.disputes(&query).await.unwrap();
        page.data.iter().map(|dispute| dispute.dispute.get()[0]).collect::<Vec<_>>()
    };
    assert_eq!(found(DisputesQuery::default()).await, [0x41, 0x42, 0x43]);
    let status = Some("upheld".to_owned());
    assert_eq!(found(DisputesQuery { status, ..DisputesQuery::default() }).await, [0x42]);
    let provider = Some(KeyStr(rows::PROVIDER));
    assert_eq!(found(DisputesQuery { provider, ..DisputesQuery::default() }).await, [0x41, 0x42]);
    let lease = Some(KeyStr([0x32; 32]));
    assert_eq!(found(DisputesQuery { lease, ..DisputesQuery::default() }).await, [0x42]);
    let challenger = Some(KeyStr([1; 32]));
    assert!(found(DisputesQuery { challenger, ..DisputesQuery::default() }).await.is_empty());
    world.stop().await;
}

async fn pages_meet_every_one_once() {
    let world = world().await;
    for (sort, expected) in [("key", [0x41, 0x42, 0x43]), ("recent", [0x43, 0x42, 0x41])] {
        let mut query = DisputesQuery { sort: Some(sort.to_owned()), limit: Some(2), ..DisputesQuery::default() };
        let first = world.client.disputes(&query).await.unwrap();
        query.cursor = first.next_cursor.clone();
        let second = world.client.disputes(&query).await.unwrap();
        assert_eq!((first.data.len(), second.data.len(), second.next_cursor), (2, 1, None), "{sort}");
        let seen: Vec<_> = first.data.iter().chain(&second.data).map(|dispute| dispute.dispute.get()[0]).collect();
        assert_eq!(seen, expected, "{sort}");
    }
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert_problem(world.get("/v1/disputes?limit=0").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/disputes?status=lost").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/disputes?lease=abc").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/disputes?cursor=abc").await, Kind::InvalidCursor).await;
    world.stop().await;
}
