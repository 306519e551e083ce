//! `POST /v1/node/heartbeat`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_store::model::LeaseRow;
use mira_wire::node::{Heartbeat, MAX_CACHED};
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::rows::{LEASE, OPERATOR, VOUCHER_SIGNER};
use crate::api::support::work::{heartbeat, offer, quote, voucher};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        brings_the_newest_vouchers,
        without_an_offer_it_is_refused,
        silence_suspends,
        a_long_list_is_refused,
        an_unknown_provider_is_refused,
    ]
}

async fn brings_the_newest_vouchers() {
    let released = LeaseRow { lease: [0x32; 32], ..rows::lease() };
    let world = World::start().await;
    world.write(vec![released.clone().into()], Vec::new()).await;
    for (lease, amount) in [(LEASE, 200), (LEASE, 300), (released.lease, 400)] {
        world.client.post_voucher(&voucher(VOUCHER_SIGNER, lease, amount, amount * 1_000)).await.unwrap();
    }
    let gone = LeaseRow { released: true, seq: 4, ..released };
    world.write(vec![gone.into()], Vec::new()).await;
    let node = world.node(OPERATOR);
    node.offer(&offer()).await.unwrap();
    let reply = node.heartbeat(&heartbeat()).await.unwrap();
    assert_eq!(reply.vouchers, [voucher(VOUCHER_SIGNER, LEASE, 300, 300_000)]);
    assert!(!reply.suspended && reply.proposals.is_empty());
    world.stop().await;
}

async fn without_an_offer_it_is_refused() {
    let world = World::start().await;
    refused(world.node(OPERATOR).heartbeat(&heartbeat()).await, Kind::NoOffer);
    world.stop().await;
}

async fn silence_suspends() {
    let world = World::start().await;
    let node = world.node(OPERATOR);
    node.offer(&offer()).await.unwrap();
    assert!(!node.heartbeat(&heartbeat()).await.unwrap().suspended);
    // Past the timeout of 6 s, before the first probe; in steps, as a leap means that the server stood still.
    for _ in 0..3 {
        world.pass(Duration::from_millis(2_500));
        world.client.quote(&quote()).await.unwrap();
    }
    assert!(node.heartbeat(&heartbeat()).await.unwrap().suspended);
    // Three signs of life after the probe is due bring it back.
    for _ in 0..2 {
        world.pass(Duration::from_millis(2_500));
        world.client.quote(&quote()).await.unwrap();
    }
    for _ in 0..3 {
        node.heartbeat(&heartbeat()).await.unwrap();
    }
    assert!(!node.heartbeat(&heartbeat()).await.unwrap().suspended);
    world.stop().await;
}

async fn a_long_list_is_refused() {
    let world = World::start().await;
    let long = Heartbeat { cached: vec![HashHex([1; 32]); MAX_CACHED + 1], ..heartbeat() };
    refused(world.node(OPERATOR).heartbeat(&long).await, Kind::InvalidBody);
    world.stop().await;
}

async fn an_unknown_provider_is_refused() {
    let world = World::start().await;
    let unknown = Heartbeat { provider: KeyStr([9; 32]), ..heartbeat() };
    refused(world.node(OPERATOR).heartbeat(&unknown).await, Kind::ProviderNotFound);
    world.stop().await;
}
