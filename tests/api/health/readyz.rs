//! `GET /readyz`.

use std::sync::Arc;

use libtest_mimic::Trial;
use mira_api::{Api, ApiConfig, IndexHealth};
use mira_wire::Kind;
use mira_wire::health::Ready;
use tokio_util::sync::CancellationToken;

use crate::api::support::work::offer;
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        is_ready_when_all_is_well,
        an_index_that_stopped_is_named,
        a_lost_database_is_named,
        a_server_that_stands_by_says_for_whom,
    ]
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

async fn a_server_that_stands_by_says_for_whom() {
    let (world, shutdown) = (World::start().await, CancellationToken::new());
    let config = ApiConfig { bind: "127.0.0.1:0".parse().unwrap(), ..world.config.clone() };
    let other = Api::spawn(config, shutdown.clone()).await.unwrap();
    let client = world.client_of(&other.url());
    let ready = client.readyz().await.unwrap();
    assert!(!ready.ready && ok(&ready, "store") && ok(&ready, "indexer"), "{ready:?}");
    let dispatcher = ready.checks.iter().find(|check| check.name == "dispatcher").unwrap();
    assert!(dispatcher.detail.starts_with(&format!("stands by for {}", world.running.addr)), "{dispatcher:?}");
    // Reads are answered, work is refused for now.
    assert_eq!(client.network().await.unwrap().data, world.client.network().await.unwrap().data);
    let late = client.node(Arc::new(rows::signer(rows::OPERATOR))).offer(&offer()).await;
    assert!(late.as_ref().is_err_and(mira_wire::client::ApiError::is_transient));
    refused(late, Kind::DispatcherUnavailable);
    assert!(world.client.readyz().await.unwrap().ready, "the first is not disturbed");
    shutdown.cancel();
    other.stopped().await;
    world.stop().await;
}
