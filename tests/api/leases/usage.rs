//! `GET /v1/leases/{lease}/usage`.

use libtest_mimic::Trial;
use mira_wire::{KeyStr, Kind, PageQuery};

use crate::api::support::work::usage;
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_in_order, an_unknown_lease_is_not_found]
}

async fn pages_in_order() {
    let world = World::start().await;
    let node = world.node(rows::OPERATOR);
    for seq in 1..=3u32 {
        node.usage(&usage(rows::OPERATOR, rows::LEASE, seq.into(), u64::from(seq) * 1_000, seq)).await.unwrap();
    }
    let mut query = PageQuery { limit: Some(2), cursor: None };
    let page = world.client.lease_usage(KeyStr(rows::LEASE), &query).await.unwrap();
    assert_eq!(page.data.iter().map(|stored| stored.report.seq.get()).collect::<Vec<_>>(), [1, 2]);
    query.cursor = page.next_cursor;
    let page = world.client.lease_usage(KeyStr(rows::LEASE), &query).await.unwrap();
    assert_eq!(page.data[0].report, usage(rows::OPERATOR, rows::LEASE, 3, 3_000, 3));
    assert_eq!(page.data[0].received_at.secs(), rows::NOW);
    assert_eq!(page.next_cursor, None);
    world.stop().await;
}

async fn an_unknown_lease_is_not_found() {
    let world = World::start().await;
    let query = PageQuery::default();
    refused(world.client.lease_usage(KeyStr(rows::JOB), &query).await, Kind::LeaseNotFound);
    let limit = PageQuery { limit: Some(101), cursor: None };
    refused(world.client.lease_usage(KeyStr(rows::LEASE), &limit).await, Kind::InvalidLimit);
    world.stop().await;
}
