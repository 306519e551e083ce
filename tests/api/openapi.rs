//! `GET /v1/openapi.json`, and the committed document.

use std::path::Path;

use libtest_mimic::Trial;

use super::support::World;
use crate::harness::With;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![the_committed_document_is_current].with(trials![async: is_served_as_committed])
}

/// `UPDATE=1 cargo test -p mira-tests -- the_committed_document_is_current` writes it anew.
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/openapi.json");
    let current = mira_api::openapi_json();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "api/openapi.json is not what the code says: run this test with UPDATE=1 and commit it"
    );
}

async fn is_served_as_committed() {
    let world = World::start().await;
    let response = world.get("/v1/openapi.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.text().await.unwrap(), mira_api::openapi_json());
    let document: serde_json::Value = serde_json::from_str(&mira_api::openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    world.stop().await;
}
