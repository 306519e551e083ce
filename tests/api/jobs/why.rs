//! `GET /v1/jobs/{job}/why`.

use libtest_mimic::Trial;
use mira_wire::{KeyStr, Kind};

use crate::api::support::work::spec;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: names_its_decisions, a_job_that_was_not_placed_has_no_reason]
}

const JOB: KeyStr = KeyStr(rows::JOB);

async fn names_its_decisions() {
    let world = World::placed(&spec()).await;
    let why = world.client.job_why(JOB).await.unwrap().data;
    assert_eq!((why.job, why.live_leases, why.owners_needed), (JOB, 0, 1));
    assert_eq!(why.decisions.len(), 1);
    assert!(!why.status.is_empty() && !why.message.is_empty());
    world.stop().await;
}

async fn a_job_that_was_not_placed_has_no_reason() {
    let world = World::start().await;
    refused(world.client.job_why(JOB).await, Kind::JobNotPlaced);
    refused(world.client.job_why(KeyStr([9; 32])).await, Kind::JobNotFound);
    assert_problem(world.get("/v1/jobs/abc/why").await, Kind::InvalidParameter).await;
    world.stop().await;
}
