//! `GET /v1/jobs/{job}/shards`.

use libtest_mimic::Trial;
use mira_wire::{KeyStr, Kind, PageQuery};

use crate::api::support::work::{inputs, spec};
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_in_order, a_job_that_was_not_placed_has_none, bad_queries_are_refused]
}

const JOB: KeyStr = KeyStr(rows::JOB);

async fn pages_in_order() {
    let world = World::placed(&spec()).await;
    let mut query = PageQuery { limit: Some(2), cursor: None };
    let first = world.client.job_shards(JOB, &query).await.unwrap().data;
    assert_eq!((first.total, first.queued, first.done, first.running), (3, 3, 0, 0));
    assert_eq!(first.shards.iter().map(|shard| shard.shard).collect::<Vec<_>>(), [0, 1]);
    query.cursor = first.next_cursor;
    let second = world.client.job_shards(JOB, &query).await.unwrap().data;
    assert_eq!(second.shards.iter().map(|shard| shard.shard).collect::<Vec<_>>(), [2]);
    assert_eq!(second.next_cursor, None);
    assert_eq!(second.shards.len() + first.shards.len(), inputs().len());
    world.stop().await;
}

async fn a_job_that_was_not_placed_has_none() {
    let world = World::start().await;
    refused(world.client.job_shards(JOB, &PageQuery::default()).await, Kind::JobNotPlaced);
    refused(world.client.job_shards(KeyStr([9; 32]), &PageQuery::default()).await, Kind::JobNotFound);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    let path = format!("/v1/jobs/{JOB}/shards");
    assert_problem(world.get(&format!("{path}?limit=0")).await, Kind::InvalidLimit).await;
    assert_problem(world.get(&format!("{path}?cursor=zz")).await, Kind::InvalidCursor).await;
    assert_problem(world.get("/v1/jobs/abc/shards").await, Kind::InvalidParameter).await;
    world.stop().await;
}
