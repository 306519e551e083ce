//! `POST /v1/vouchers`: forged, moved, replayed, lower and dearer ones change nothing.

use libtest_mimic::Trial;
use mira_core::amount::{Payment, Units};
use mira_core::hash::Sha2;
use mira_core::voucher as core_voucher;
use mira_store::model::LeaseRow;
use mira_wire::request::sign_message;
use mira_wire::voucher::Voucher;
use mira_wire::{Kind, SigStr, U64Str};

use crate::api::support::rows::{LEASE, STRANGER, VOUCHER_SIGNER};
use crate::api::support::work::voucher;
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        stores_a_growing_series,
        a_forged_one_is_refused,
        a_changed_one_is_refused,
        one_for_another_place_is_refused,
        a_replay_is_refused,
        above_the_cap_is_refused,
        above_the_price_is_refused,
        a_released_lease_takes_none,
        an_unknown_lease_takes_none,
        without_a_network_none_is_checked,
    ]
}

/// Refused with this kind, and nothing changed.
async fn changes_nothing(world: &World, voucher: &Voucher, kind: Kind) {
    let before = world.state().await;
    refused(world.client.post_voucher(voucher).await, kind);
    assert_eq!(world.state().await, before);
}

async fn stores_a_growing_series() {
    let world = World::start().await;
    for (amount, units) in [(101, 101_000), (102, 102_000), (10_000, 10_000_000)] {
        let signed = voucher(VOUCHER_SIGNER, LEASE, amount, units);
        let stored = world.client.post_voucher(&signed).await.unwrap();
        assert_eq!((stored.voucher, stored.received_at.secs()), (signed, rows::NOW));
    }
    assert_eq!(world.store.voucher_history(&LEASE, 10).await.unwrap().len(), 3);
    world.stop().await;
}

async fn a_forged_one_is_refused() {
    let world = World::start().await;
    changes_nothing(&world, &voucher(STRANGER, LEASE, 200, 200_000), Kind::VoucherSignatureInvalid).await;
    changes_nothing(&world, &voucher(rows::OPERATOR, LEASE, 200, 200_000), Kind::VoucherSignatureInvalid).await;
    let zeros = Voucher { signature: SigStr([0; 64]), ..voucher(VOUCHER_SIGNER, LEASE, 200, 200_000) };
    changes_nothing(&world, &zeros, Kind::VoucherSignatureInvalid).await;
    world.stop().await;
}

async fn a_changed_one_is_refused() {
    let world = World::start().await;
    let signed = voucher(VOUCHER_SIGNER, LEASE, 200, 200_000);
    let more = Voucher { cumulative_amount: U64Str(201), ..signed.clone() };
    changes_nothing(&world, &more, Kind::VoucherSignatureInvalid).await;
    let units = Voucher { cumulative_units: U64Str(200_001), ..signed.clone() };
    changes_nothing(&world, &units, Kind::VoucherSignatureInvalid).await;
    for byte in 0..64 {
        let mut signature = signed.signature.get();
        signature[byte] ^= 1;
        let flipped = Voucher { signature: SigStr(signature), ..signed.clone() };
        refused(world.client.post_voucher(&flipped).await, Kind::VoucherSignatureInvalid);
    }
    assert_eq!(world.store.voucher(&LEASE).await.unwrap(), None);
    world.stop().await;
}

async fn one_for_another_place_is_refused() {
    let other = LeaseRow { lease: [0x32; 32], nonce: 1, ..rows::lease() };
    let world = World::with_rows(vec![rows::network().into(), rows::lease().into(), other.into()]).await;
    let moved = Voucher { lease: mira_wire::KeyStr(LEASE), ..voucher(VOUCHER_SIGNER, [0x32; 32], 200, 200_000) };
    changes_nothing(&world, &moved, Kind::VoucherSignatureInvalid).await;
    for (program_id, cluster_id) in [([1; 32], rows::CLUSTER), (rows::PROGRAM, [1; 32])] {
        let message = core_voucher::message::<Sha2>(&core_voucher::Voucher {
            program_id,
            cluster_id,
            lease: LEASE,
            cumulative_amount: Payment::new(200),
            cumulative_units: Units::new(200_000),
        });
        let signature = sign_message(&rows::signer(VOUCHER_SIGNER), &message);
        let elsewhere = Voucher { signature, ..voucher(VOUCHER_SIGNER, LEASE, 200, 200_000) };
        changes_nothing(&world, &elsewhere, Kind::VoucherSignatureInvalid).await;
    }
    world.stop().await;
}

async fn a_replay_is_refused() {
    let world = World::start().await;
    let (low, high) = (voucher(VOUCHER_SIGNER, LEASE, 200, 200_000), voucher(VOUCHER_SIGNER, LEASE, 300, 300_000));
    world.client.post_voucher(&low).await.unwrap();
    world.client.post_voucher(&high).await.unwrap();
    changes_nothing(&world, &high, Kind::VoucherNotIncreasing).await;
    changes_nothing(&world, &low, Kind::VoucherNotIncreasing).await;
    // Already settled on chain, although never seen here.
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, 100, 100_000), Kind::VoucherNotIncreasing).await;
    world.stop().await;
}

async fn above_the_cap_is_refused() {
    let world = World::start().await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, 10_001, 10_001_000), Kind::VoucherAboveCap).await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, u64::MAX, u64::MAX), Kind::VoucherAboveCap).await;
    world.stop().await;
}

async fn above_the_price_is_refused() {
    let world = World::start().await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, 202, 201_000), Kind::VoucherPriceMismatch).await;
    // Paying less than the price is between the two of them.
    world.client.post_voucher(&voucher(VOUCHER_SIGNER, LEASE, 200, 201_000)).await.unwrap();
    // So many units that their price does not fit 64 bits.
    world.client.post_voucher(&voucher(VOUCHER_SIGNER, LEASE, 201, u64::MAX)).await.unwrap();
    world.stop().await;
}

async fn a_released_lease_takes_none() {
    let released = LeaseRow { released: true, ..rows::lease() };
    let world = World::with_rows(vec![rows::network().into(), released.into()]).await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, 200, 200_000), Kind::LeaseReleased).await;
    world.stop().await;
}

async fn an_unknown_lease_takes_none() {
    let world = World::start().await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, [9; 32], 200, 200_000), Kind::LeaseNotFound).await;
    world.stop().await;
}

async fn without_a_network_none_is_checked() {
    let world = World::with_rows(vec![rows::lease().into()]).await;
    changes_nothing(&world, &voucher(VOUCHER_SIGNER, LEASE, 200, 200_000), Kind::NetworkNotFound).await;
    world.stop().await;
}
