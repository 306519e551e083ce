//! `POST /v1/node/work`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_wire::node::{MAX_PULL_LEASES, MAX_WAIT_MS, WorkRequest};
use mira_wire::request::body_hash;
use mira_wire::{HashHex, KeyStr, Kind, U64Str};

use crate::api::support::rows::{LEASE, OPERATOR, OTHER_OPERATOR};
use crate::api::support::work::{heartbeat, inputs, module, offer, spec, work};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        hands_out_each_shard_once,
        waits_when_there_is_none,
        ends_waiting_at_shutdown,
        anothers_lease_gives_nothing,
        bad_requests_are_refused,
    ]
}

async fn hands_out_each_shard_once() {
    let world = World::leased(&spec()).await;
    let node = world.node(OPERATOR);
    let mut shards = Vec::new();
    for _ in 0..3 {
        let got = node.work(&work(5_000)).await.unwrap().assignment.expect("a shard");
        assert_eq!((got.job, got.lease, got.attempt), (KeyStr(rows::JOB), KeyStr(LEASE), 1));
        assert_eq!(got.module, HashHex(body_hash(&module())));
        assert_eq!(got.input, HashHex(body_hash(&inputs()[got.shard as usize])));
        assert!(got.fuel_limit.get() <= 1_000_000 && got.fuel_limit.get() >= 500_000);
        assert_eq!((got.memory_limit_bytes, got.time_limit_ms), (U64Str(1 << 20), U64Str(10_000)));
        assert!(got.expires_at.ms() > i64::try_from(world.now_ms()).unwrap());
        shards.push(got.shard);
    }
    shards.sort_unstable();
    assert_eq!(shards, [0, 1, 2]);
    world.stop().await;
}

async fn waits_when_there_is_none() {
    let world = World::start().await;
    let node = world.node(OPERATOR);
    node.offer(&offer()).await.unwrap();
    let start = tokio::time::Instant::now();
    assert_eq!(node.work(&work(300)).await.unwrap().assignment, None);
    assert!(start.elapsed() >= Duration::from_millis(300));
    world.stop().await;
}

async fn ends_waiting_at_shutdown() {
    let world = World::start().await;
    let node = world.node(OPERATOR);
    node.offer(&offer()).await.unwrap();
    let waiting = tokio::spawn(async move { node.work(&work(MAX_WAIT_MS)).await });
    // Answers to later requests: the first has arrived.
    for _ in 0..20 {
        world.node(OPERATOR).heartbeat(&heartbeat()).await.unwrap();
    }
    let start = tokio::time::Instant::now();
    world.stop().await;
    assert!(start.elapsed() < Duration::from_secs(5), "nobody waits for a long poll");
    let answer = waiting.await.unwrap();
    assert!(answer.is_err() || answer.is_ok_and(|reply| reply.assignment.is_none()));
}

async fn anothers_lease_gives_nothing() {
    let world = World::leased(&spec()).await;
    world.write(vec![rows::other_provider().into()], Vec::new()).await;
    let node = world.node(OTHER_OPERATOR);
    let provider = KeyStr(rows::OTHER_PROVIDER);
    node.offer(&mira_wire::node::Offer { provider, ..offer() }).await.unwrap();
    let request = WorkRequest { provider, leases: vec![KeyStr(LEASE)], wait_ms: 100 };
    let reply = node.work(&request).await;
    assert!(reply.is_err() || reply.is_ok_and(|reply| reply.assignment.is_none()));
    world.stop().await;
}

async fn bad_requests_are_refused() {
    let world = World::start().await;
    let node = world.node(OPERATOR);
    refused(node.work(&work(MAX_WAIT_MS + 1)).await, Kind::InvalidBody);
    let many = WorkRequest { leases: vec![KeyStr(LEASE); MAX_PULL_LEASES + 1], ..work(0) };
    refused(node.work(&many).await, Kind::InvalidBody);
    refused(world.node(OTHER_OPERATOR).work(&work(0)).await, Kind::WrongOperator);
    world.stop().await;
}
