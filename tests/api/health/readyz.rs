//! `GET /readyz`.

use libtest_mimic::Trial;
use mira_api::IndexHealth;
use mira_wire::health::Ready;

use crate::api::support::World;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: is_ready_when_all_is_well, an_index_that_stopped_is_named, a_lost_database_is_named]
}

fn ok(ready: &Ready, name: &str) -> bool {
    ready.checks.iter().find(|check| check.name == name).unwrap().ok
}

async fn is_ready_when_all_is_well() {
    let world = World::start().await;
    let response = world.get("/readyz").await;
    assert_eq!(response.status(), 200);
    let ready = world.client.readyz().await.unwrap();
    assert!(ready.ready && ready.checks.len() == 3, "{ready:?}");
    world.stop().await;
}

async fn an_index_that_stopped_is_named() {
    let world = World::start().await;
    let detail = "a block could not be read".to_owned();
    world.health.send_replace(IndexHealth { ready: false, slot: Some(1), tip: Some(9), detail: detail.clone() });
    let response = world.get("/readyz").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "application/json");
    let ready = world.client.readyz().await.unwrap();
    assert!(!ready.ready && ok(&ready, "store") && !ok(&ready, "indexer"));
    assert!(ready.checks.iter().any(|check| check.detail == detail));
    world.stop().await;
}

async fn a_lost_database_is_named() {
    let world = World::start().await;
    world.store.close().await;
    let response = world.get("/readyz").await;
    assert_eq!(response.status(), 503);
    let ready = world.client.readyz().await.unwrap();
    assert!(!ready.ready && !ok(&ready, "store") && ok(&ready, "indexer"));
    world.stop().await;
}
