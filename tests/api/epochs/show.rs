//! `GET /v1/epochs/{number}`.

use libtest_mimic::Trial;
use mira_store::model::{EpochRow, EpochStatus};
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_every_field, says_how_far_it_is, an_unknown_one_is_not_found]
}

async fn shows_every_field() {
    let world = World::with_rows(vec![rows::epoch(3).into()]).await;
    let shown = world.client.epoch(3).await.unwrap().data;
    assert_eq!((shown.number.get(), shown.status.as_str(), shown.seq.get()), (3, "final", 12));
    assert_eq!((shown.root, shown.report_hash), (HashHex([3; 32]), HashHex([0x52; 32])));
    assert_eq!((shown.cumulative_fees.get(), shown.cumulative_total.get()), (3_000, 2_100));
    let [approval] = &shown.approvals[..] else { panic!("{shown:?}") };
    assert_eq!((approval.authority, approval.digest), (KeyStr([0x54; 32]), shown.digest));
    assert_eq!(shown.share_bps, Some(8_000));
    assert_eq!(shown.final_from.map(|from| from.secs()), Some(rows::NOW - 20));
    assert_eq!(shown.stale_from.map(|from| from.secs()), Some(rows::NOW + 30));
    let result = shown.result.unwrap();
    assert_eq!((result.fees.get(), result.rewards.get(), result.to_treasury.get()), (1_000, 700, 300));
    assert_eq!(result.finalized_at.secs(), rows::NOW - 10);
    world.stop().await;
}

async fn says_how_far_it_is() {
    let under_way = |number, status| EpochRow { status, finalized_at: None, ..rows::epoch(number) };
    let pending = under_way(1, EpochStatus::Pending);
    let world = World::with_rows(vec![pending.into(), under_way(2, EpochStatus::Proposed).into()]).await;
    let shown = world.client.epoch(1).await.unwrap().data;
    assert_eq!((shown.status.as_str(), shown.share_bps, shown.result), ("pending", Some(8_000), None));
    let shown = world.client.epoch(2).await.unwrap().data;
    assert_eq!((shown.status.as_str(), shown.share_bps, shown.final_from), ("proposed", None, None));
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::with_rows(vec![rows::epoch(1).into()]).await;
    refused(world.client.epoch(2).await, Kind::EpochNotFound);
    for bad in ["x", "-1", "01", "9223372036854775808", "18446744073709551616"] {
        assert_problem(world.get(&format!("/v1/epochs/{bad}")).await, Kind::InvalidParameter).await;
    }
    world.stop().await;
}
