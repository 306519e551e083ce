//! A full disk under the database: what was acknowledged stays, what is not kept is said not to be, and the
//! server goes on by itself when there is room.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use libtest_mimic::Trial;
use mira_core::amount::{Payment, Units};
use mira_store::model::LeaseRow;
use mira_wire::request::body_hash;
use mira_wire::{HashHex, Kind};

use crate::api::support::rows::{LEASE, OPERATOR, VOUCHER_SIGNER};
use crate::api::support::work::{usage, voucher};
use crate::api::support::world::Setup;
use crate::api::support::{World, assert_problem, refused, rows};
use crate::disk::SmallDisk;
use crate::harness::With;

/// As many pages as nobody needs.
const ROOM: u32 = 1 << 30;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: nothing_acknowledged_is_lost_and_it_goes_on]
        .with(trials![mount: blobs_that_do_not_fit_are_refused_until_there_is_room])
}

async fn nothing_acknowledged_is_lost_and_it_goes_on() {
    let pages = Arc::new(AtomicU32::new(ROOM));
    let cap = Payment::new(u64::from(u32::MAX));
    let row = LeaseRow { cap, units: Units::ZERO, settled: Payment::ZERO, ..rows::lease() };
    let rows = vec![rows::network().into(), rows::provider().into(), rows::job().into(), row.into()];
    let world = World::with(Setup { rows, pages: Some(pages.clone()), ..Setup::default() }).await;
    // What there is stays, and not one page more.
    pages.store(1, Ordering::Release);

    let mut kept = 0;
    let refusal = loop {
        let next = voucher(VOUCHER_SIGNER, LEASE, kept + 1, (kept + 1) * 1_000);
        match world.client.post_voucher(&next).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "the file never fills up");
    };
    assert_eq!((refusal.kind(), refusal.status()), (Some(Kind::StoreFull), Some(507)), "{refusal}");
    let history = async || world.store.voucher_history(&LEASE, 10_000).await.unwrap().len() as u64;
    assert_eq!(history().await, kept, "all that were acknowledged, and the refused one not");

    assert!(kept > 0);
    unready(&world).await;
    told_when_to_come_back(&world, kept + 1).await;
    assert_eq!(history().await, kept);

    pages.store(ROOM, Ordering::Release);
    // Nobody has to write first.
    let mut looks = 0;
    while !world.client.readyz().await.unwrap().ready {
        looks += 1;
        assert!(looks < 1_000, "it does not get ready: {:?}", world.client.readyz().await);
    }
    let again = voucher(VOUCHER_SIGNER, LEASE, kept + 1, (kept + 1) * 1_000);
    world.client.post_voucher(&again).await.unwrap();
    world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 1, 1_000, 1)).await.unwrap();
    assert_eq!(history().await, kept + 1);
    world.stop().await;
}

async fn blobs_that_do_not_fit_are_refused_until_there_is_room() {
    let disk = SmallDisk::mount(1);
    let world = World::with(Setup { blobs: Some(disk.path().join("blobs")), ..Setup::default() }).await;
    let (small, large) = (Bytes::from_static(b"it fits"), Bytes::from(vec![7; 200_000]));
    world.client.put_blob(small.clone()).await.unwrap();
    disk.fill();
    for _ in 0..3 {
        refused(world.client.put_blob(large.clone()).await, Kind::StoreFull);
    }
    let hash = body_hash(&small);
    assert_eq!(world.client.get_blob(HashHex(hash)).await.unwrap(), small, "reading works");
    disk.free();
    world.client.put_blob(large.clone()).await.unwrap();
    assert_eq!(world.client.get_blob(HashHex(body_hash(&large))).await.unwrap(), large);
    world.stop().await;
}

/// Not ready, and for this reason.
async fn unready(world: &World) {
    let ready = world.client.readyz().await.unwrap();
    let store = ready.checks.iter().find(|check| check.name == "store").unwrap();
    assert!(!ready.ready && store.detail.starts_with("its disk is full: free space there"), "{ready:?}");
}

async fn told_when_to_come_back(world: &World, amount: u64) {
    let next = voucher(VOUCHER_SIGNER, LEASE, amount, amount * 1_000);
    let response = world.post("/v1/vouchers", serde_json::to_string(&next).unwrap()).await;
    assert_eq!(response.headers()["retry-after"], "30");
    let problem = assert_problem(response, Kind::StoreFull).await;
    assert_eq!(problem.detail, "nothing of this request was kept: send it again, in half a minute or later");
}
