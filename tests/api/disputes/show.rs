//! `GET /v1/disputes/{dispute}`.

use libtest_mimic::Trial;
use mira_core::amount::Stake;
use mira_store::model::{DisputeRow, DisputeStatus};
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_every_field, says_how_it_ended, an_unknown_one_is_not_found]
}

async fn shows_every_field() {
    let world = World::with_rows(vec![rows::dispute().into()]).await;
    let shown = world.client.dispute(KeyStr(rows::DISPUTE)).await.unwrap().data;
    assert_eq!((shown.lease, shown.provider), (KeyStr(rows::LEASE), KeyStr(rows::PROVIDER)));
    assert_eq!((shown.challenger, shown.bond.get()), (KeyStr([0x22; 32]), 101));
    assert_eq!((shown.kind.as_str(), shown.status.as_str()), ("bad_result", "contested"));
    assert_eq!((shown.evidence, shown.answer), (HashHex([0x42; 32]), Some(HashHex([0x43; 32]))));
    assert_eq!((shown.opened_at.secs(), shown.respond_until.secs()), (rows::NOW - 40, rows::NOW - 30));
    assert_eq!(shown.vote_until.map(|until| until.secs()), Some(rows::NOW + 20));
    assert_eq!((shown.jail_secs, shown.max_slash_bps, shown.seq.get()), (300, 5_000, 4));
    assert_eq!((shown.voters_for, shown.voters_against), (vec![KeyStr([0x44; 32])], vec![KeyStr([0x45; 32])]));
    world.stop().await;
}

async fn says_how_it_ended() {
    let row = DisputeRow {
        status: DisputeStatus::Upheld,
        answer: [0; 32],
        vote_until: 0,
        slashed_own: Stake::new(700),
        slashed_pool: Stake::new(50),
        compensation: Stake::new(600),
        burned: Stake::new(150),
        ..rows::dispute()
    };
    let world = World::with_rows(vec![row.into()]).await;
    let shown = world.client.dispute(KeyStr(rows::DISPUTE)).await.unwrap().data;
    assert_eq!((shown.status.as_str(), shown.answer, shown.vote_until), ("upheld", None, None));
    assert_eq!((shown.slashed_own.get(), shown.slashed_pool.get()), (700, 50));
    assert_eq!((shown.compensation.get(), shown.burned.get()), (600, 150));
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::with_rows(vec![rows::dispute().into()]).await;
    refused(world.client.dispute(KeyStr(rows::LEASE)).await, Kind::DisputeNotFound);
    assert_problem(world.get("/v1/disputes/abc").await, Kind::InvalidParameter).await;
    world.stop().await;
}
