//! `GET /v1/blobs/{hash}`.

use bytes::Bytes;
use libtest_mimic::Trial;
use mira_wire::{HashHex, Kind};

use crate::api::support::{World, assert_problem, refused};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: gives_the_bytes, an_unknown_one_is_not_found, corrupt_bytes_are_not_handed_out]
}

async fn gives_the_bytes() {
    let world = World::start().await;
    let hash = world.client.put_blob(Bytes::from_static(b"hello")).await.unwrap().hash;
    let response = world.get(&format!("/v1/blobs/{hash}")).await;
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(response.headers()["etag"].to_str().unwrap(), format!("\"{hash}\""));
    assert_eq!(response.bytes().await.unwrap(), "hello");
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.get_blob(HashHex([1; 32])).await, Kind::BlobNotFound);
    assert_problem(world.get("/v1/blobs/abc").await, Kind::InvalidParameter).await;
    world.stop().await;
}

async fn corrupt_bytes_are_not_handed_out() {
    let world = World::start().await;
    let hash = world.client.put_blob(Bytes::from_static(b"hello")).await.unwrap().hash;
    let name = hash.to_string();
    std::fs::write(world.blobs().join(&name[..2]).join(&name), b"hellO").unwrap();
    let problem = assert_problem(world.get(&format!("/v1/blobs/{hash}")).await, Kind::Internal).await;
    assert!(!problem.detail.contains("blob"), "the cause is the log's: {}", problem.detail);
    world.stop().await;
}
