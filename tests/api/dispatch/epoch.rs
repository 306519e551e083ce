//! `GET /v1/dispatch/epochs/{number}`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_core::hash::{Sha2, Sha256};
use mira_wire::{HashHex, KeyStr, Kind};

use crate::api::support::work::spec;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: an_epoch_is_shown_once_it_is_closed, an_unknown_one_is_not_found]
}

async fn an_epoch_is_shown_once_it_is_closed() {
    let world = World::placed(&spec()).await;
    refused(world.client.dispatch_epoch(1).await, Kind::DispatchEpochNotFound);
    world.pass(Duration::from_secs(600));
    world.client.job_why(KeyStr(rows::JOB)).await.unwrap();
    let epoch = world.client.dispatch_epoch(1).await.unwrap().data;
    let first = Sha2::hashv(&[b"mira:dispatch-epoch:v1:", &[0; 32], &1u64.to_le_bytes()]);
    assert_eq!((epoch.number.get(), epoch.hash), (1, HashHex(first)));
    assert_eq!((epoch.placements.count.get(), epoch.routes.count.get(), epoch.first_route.get()), (1, 0, 0));
    assert_eq!(epoch.closed_at.secs(), rows::NOW + 600);
    refused(world.client.dispatch_epoch(2).await, Kind::DispatchEpochNotFound);
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.dispatch_epoch(1).await, Kind::DispatchEpochNotFound);
    for bad in ["x", "-1", "01", "9223372036854775808"] {
        assert_problem(world.get(&format!("/v1/dispatch/epochs/{bad}")).await, Kind::InvalidParameter).await;
    }
    world.stop().await;
}
