//! `GET /v1/jobs/{job}`.

use libtest_mimic::Trial;
use mira_store::model::{JobRow, JobState};
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_every_field, a_closed_one_stays, an_unknown_one_is_not_found]
}

async fn shows_every_field() {
    let world = World::start().await;
    let response: serde_json::Value =
        serde_json::from_str(&world.get(&format!("/v1/jobs/{}", KeyStr(rows::JOB))).await.text().await.unwrap())
            .unwrap();
    assert_eq!(response["data"]["job_id"], rows::JOB_ID.to_string(), "a string, all digits");
    assert_eq!(response["data"]["deadline"], "2026-01-01T00:33:20Z");
    assert_eq!(response["data"]["due_at"], "2026-01-01T00:34:20Z");
    assert_eq!(response["data"]["young_until"], "2026-01-01T00:08:20Z");
    assert!(response["data"].get("closing_at").is_none());
    let shown = world.client.job(KeyStr(rows::JOB)).await.unwrap().data;
    assert_eq!((shown.tier.as_str(), shown.unit_kind.as_str(), shown.status.as_str()), ("batch", "fuel", "open"));
    assert_eq!(shown.spec_hash, HashHex([0x23; 32]));
    assert_eq!((shown.funded.get(), shown.max_unit_price.get()), (50_000_000, 2_000));
    assert_eq!((shown.max_share_bps, shown.max_leases), (10_000, 8));
    assert_eq!(shown.dispatcher, Some(KeyStr(rows::key_of(rows::DISPATCHER))));
    world.stop().await;
}

async fn a_closed_one_stays() {
    let row = JobRow { status: JobState::Closed, closing_at: Some(rows::NOW), dispatcher: None, ..rows::job() };
    let world = World::with_rows(vec![row.into()]).await;
    let shown = world.client.job(KeyStr(rows::JOB)).await.unwrap().data;
    assert_eq!((shown.status.as_str(), shown.dispatcher), ("closed", None));
    assert_eq!(shown.closing_at.unwrap().secs(), rows::NOW);
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.job(KeyStr(rows::LEASE)).await, Kind::JobNotFound);
    assert_problem(world.get("/v1/jobs/abc").await, Kind::InvalidParameter).await;
    world.stop().await;
}
