//! `GET /v1/jobs`.

use libtest_mimic::Trial;
use mira_store::model::{JobRow, JobState};
use mira_wire::job::JobsQuery;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: pages_meet_every_job_once, filters_find_what_they_say, bad_queries_are_refused]
}

fn job(number: u8, status: JobState) -> JobRow {
    JobRow { job: [number; 32], requester: [0xa0 + number % 2; 32], status, ..rows::job() }
}

async fn world() -> World {
    let states = [JobState::Open, JobState::Closing, JobState::Closed, JobState::Open];
    let jobs = (1..).zip(states).map(|(number, state)| job(number, state).into());
    World::with_rows(jobs.collect()).await
}

async fn keys(world: &World, query: JobsQuery) -> Vec<KeyStr> {
    world.client.jobs(&query).await.unwrap().data.iter().map(|job| job.job).collect()
}

async fn pages_meet_every_job_once() {
    let world = world().await;
    let first = JobsQuery { limit: Some(3), ..JobsQuery::default() };
    let page = world.client.jobs(&first).await.unwrap();
    assert_eq!(page.data.len(), 3);
    let second = JobsQuery { cursor: page.next_cursor, ..first };
    let page = world.client.jobs(&second).await.unwrap();
    assert_eq!((page.data[0].job, page.next_cursor), (KeyStr([4; 32]), None));
    world.stop().await;
}

async fn filters_find_what_they_say() {
    let world = world().await;
    let closed = JobsQuery { status: Some("closed".to_owned()), ..JobsQuery::default() };
    assert_eq!(keys(&world, closed).await, [KeyStr([3; 32])]);
    let requester = JobsQuery { requester: Some(KeyStr([0xa0; 32])), ..JobsQuery::default() };
    assert_eq!(keys(&world, requester).await, [KeyStr([2; 32]), KeyStr([4; 32])]);
    let tier = JobsQuery { tier: Some("interactive".to_owned()), ..JobsQuery::default() };
    assert!(keys(&world, tier).await.is_empty());
    let dispatcher = KeyStr(rows::key_of(rows::DISPATCHER));
    let dispatcher = JobsQuery { dispatcher: Some(dispatcher), ..JobsQuery::default() };
    assert_eq!(keys(&world, dispatcher).await.len(), 4);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = world().await;
    assert_problem(world.get("/v1/jobs?tier=fast").await, Kind::UnknownTier).await;
    assert_problem(world.get("/v1/jobs?status=done").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/jobs?limit=0").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/jobs?cursor=1").await, Kind::InvalidCursor).await;
    world.stop().await;
}
