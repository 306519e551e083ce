//! `GET /v1/leases/{lease}`.

use libtest_mimic::Trial;
use mira_store::model::LeaseRow;
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_every_field, says_that_it_is_disputed, an_unknown_one_is_not_found]
}

async fn shows_every_field() {
    let world = World::start().await;
    let shown = world.client.lease(KeyStr(rows::LEASE)).await.unwrap().data;
    assert_eq!((shown.job, shown.provider), (KeyStr(rows::JOB), KeyStr(rows::PROVIDER)));
    assert_eq!(shown.operator, KeyStr(rows::key_of(rows::OPERATOR)));
    assert_eq!(shown.voucher_signer, KeyStr(rows::key_of(rows::VOUCHER_SIGNER)));
    assert_eq!((shown.cap.get(), shown.unit_price.get(), shown.fee_bps), (10_000, 1_000, 500));
    assert_eq!((shown.settled.get(), shown.fee_paid.get(), shown.units.get()), (100, 5, 100_000));
    assert_eq!((shown.expires_at.secs(), shown.settle_until.secs()), (rows::NOW + 250, rows::NOW + 310));
    assert!(!shown.released && !shown.ended && !shown.disputed && !shown.challenged);
    world.stop().await;
}

async fn says_that_it_is_disputed() {
    let row = LeaseRow { disputed: true, challenged: true, ..rows::lease() };
    let world = World::with_rows(vec![row.into()]).await;
    let shown = world.client.lease(KeyStr(rows::LEASE)).await.unwrap().data;
    assert!(shown.disputed && shown.challenged && !shown.ended);
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.lease(KeyStr(rows::JOB)).await, Kind::LeaseNotFound);
    assert_problem(world.get("/v1/leases/abc").await, Kind::InvalidParameter).await;
    world.stop().await;
}
