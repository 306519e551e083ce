//! `GET /v1/leases/{lease}/voucher`.

use libtest_mimic::Trial;
use mira_wire::{KeyStr, Kind};

use crate::api::support::work::voucher;
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_the_newest, without_one_it_is_not_found]
}

async fn shows_the_newest() {
    let world = World::start().await;
    for amount in [200, 300] {
        let signed = voucher(rows::VOUCHER_SIGNER, rows::LEASE, amount, amount * 1_000);
        world.client.post_voucher(&signed).await.unwrap();
    }
    let newest = world.client.lease_voucher(KeyStr(rows::LEASE)).await.unwrap().data;
    assert_eq!(newest.voucher, voucher(rows::VOUCHER_SIGNER, rows::LEASE, 300, 300_000));
    world.stop().await;
}

async fn without_one_it_is_not_found() {
    let world = World::start().await;
    refused(world.client.lease_voucher(KeyStr(rows::LEASE)).await, Kind::VoucherNotFound);
    refused(world.client.lease_voucher(KeyStr(rows::JOB)).await, Kind::LeaseNotFound);
    world.stop().await;
}
