//! `GET /v1/jobs/{job}/leases`.

use libtest_mimic::Trial;
use mira_store::model::{JobRow, LeaseRow};
use mira_wire::lease::LeasesQuery;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_only_its_own, bad_queries_are_refused]
}

async fn shows_only_its_own() {
    let other_job = JobRow { job: [0x24; 32], ..rows::job() };
    let others = LeaseRow { lease: [0x32; 32], job: other_job.job, ..rows::lease() };
    let world = World::with_rows(vec![rows::job().into(), other_job.into(), rows::lease().into(), others.into()]).await;
    let page = world.client.job_leases(KeyStr(rows::JOB), &LeasesQuery::default()).await.unwrap();
    assert_eq!(page.data.iter().map(|lease| lease.lease).collect::<Vec<_>>(), [KeyStr(rows::LEASE)]);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    refused(world.client.job_leases(KeyStr([9; 32]), &LeasesQuery::default()).await, Kind::JobNotFound);
    let job = Some(KeyStr(rows::JOB));
    let twice = LeasesQuery { job, ..LeasesQuery::default() };
    refused(world.client.job_leases(KeyStr(rows::JOB), &twice).await, Kind::InvalidParameter);
    let path = format!("/v1/jobs/{}/leases?released=maybe", KeyStr(rows::JOB));
    assert_problem(world.get(&path).await, Kind::InvalidParameter).await;
    world.stop().await;
}
