//! `PUT /v1/blobs/{hash}`.

use bytes::Bytes;
use libtest_mimic::Trial;
use mira_api::Limits;
use mira_wire::request::body_hash;
use mira_wire::{HashHex, Kind};

use crate::api::support::world::Setup;
use crate::api::support::{World, assert_problem, refused};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: stores_under_the_hash, another_hash_is_refused, too_many_bytes_are_refused, a_broken_name_is_refused]
}

fn path(bytes: &[u8]) -> String {
    format!("/v1/blobs/{}", HashHex(body_hash(bytes)))
}

async fn stores_under_the_hash() {
    let world = World::start().await;
    let bytes = Bytes::from(vec![7u8; 11 << 20]);
    let stored = world.client.put_blob(bytes.clone()).await.unwrap();
    assert_eq!((stored.hash, stored.bytes.get(), stored.created), (HashHex(body_hash(&bytes)), 11 << 20, true));
    assert!(!world.client.put_blob(bytes.clone()).await.unwrap().created);
    assert_eq!(world.client.get_blob(stored.hash).await.unwrap(), bytes);
    assert_eq!(world.send("PUT", &path(b"new"), &[], "new").await.status(), 201);
    assert_eq!(world.send("PUT", &path(b"new"), &[], "new").await.status(), 200);
    world.stop().await;
}

async fn another_hash_is_refused() {
    let world = World::start().await;
    let before = world.state().await;
    assert_problem(world.send("PUT", &path(b"right"), &[], "wrong").await, Kind::HashMismatch).await;
    assert_eq!(world.state().await, before);
    refused(world.client.get_blob(HashHex(body_hash(b"right"))).await, Kind::BlobNotFound);
    // Also when the right bytes are there already.
    world.client.put_blob(Bytes::from_static(b"right")).await.unwrap();
    assert_problem(world.send("PUT", &path(b"right"), &[], "wrong").await, Kind::HashMismatch).await;
    assert_eq!(world.client.get_blob(HashHex(body_hash(b"right"))).await.unwrap(), "right");
    world.stop().await;
}

async fn too_many_bytes_are_refused() {
    let limits = Limits { blob_bytes: 1_000, ..Limits::default() };
    let world = World::with(Setup { limits, ..Setup::default() }).await;
    let before = world.state().await;
    let long = vec![1u8; 1_001];
    assert_problem(world.send("PUT", &path(&long), &[], long.clone()).await, Kind::BodyTooLarge).await;
    assert_eq!(world.state().await, before);
    world.client.put_blob(Bytes::from(vec![1u8; 1_000])).await.unwrap();
    world.stop().await;
}

async fn a_broken_name_is_refused() {
    let world = World::start().await;
    for name in ["abc", &"AB".repeat(32), &"0".repeat(63), "..%2F..%2Fetc%2Fpasswd"] {
        assert_problem(world.send("PUT", &format!("/v1/blobs/{name}"), &[], "x").await, Kind::InvalidParameter).await;
    }
    world.stop().await;
}
