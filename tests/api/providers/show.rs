//! `GET /v1/providers/{provider}`.

use libtest_mimic::Trial;
use mira_core::amount::Bps;
use mira_store::model::{ProviderRow, ProviderStatus};
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: shows_every_field, says_what_is_announced_and_how_long_it_is_jailed, an_unknown_one_is_not_found, a_broken_address_is_refused]
}

async fn shows_every_field() {
    let world = World::start().await;
    let reply = world.client.provider(KeyStr(rows::PROVIDER)).await.unwrap();
    let (row, shown) = (rows::provider(), reply.data);
    assert_eq!(shown.operator, KeyStr(row.operator));
    assert_eq!((shown.status.as_str(), shown.region.as_str()), ("active", "eu-west"));
    assert_eq!(shown.resource_class, "cpu-small");
    assert_eq!((shown.total_stake.get(), shown.own_stake.get()), (900_000_000, 800_000_000));
    assert_eq!((shown.unbonding_shares.0, shown.exposure.get()), (7, 40));
    assert_eq!((shown.commission_bps, shown.open_leases, shown.seq.get()), (250, 1, 2));
    assert_eq!(shown.registered_at.secs(), row.registered_at);
    assert_eq!((shown.jailed_until, shown.next_commission_bps, shown.next_commission_from), (None, None, None));
    world.stop().await;
}

async fn says_what_is_announced_and_how_long_it_is_jailed() {
    let row = ProviderRow {
        status: ProviderStatus::Jailed,
        jailed_until: rows::NOW + 7,
        next_commission: Bps::new(900).unwrap(),
        next_commission_from: rows::NOW + 9,
        ..rows::provider()
    };
    let world = World::with_rows(vec![rows::network().into(), row.into()]).await;
    let shown = world.client.provider(KeyStr(rows::PROVIDER)).await.unwrap().data;
    assert_eq!((shown.status.as_str(), shown.commission_bps, shown.next_commission_bps), ("jailed", 250, Some(900)));
    assert_eq!(shown.jailed_until.unwrap().secs(), rows::NOW + 7);
    assert_eq!(shown.next_commission_from.unwrap().secs(), rows::NOW + 9);
    world.stop().await;
}

async fn an_unknown_one_is_not_found() {
    let world = World::start().await;
    refused(world.client.provider(KeyStr(rows::JOB)).await, Kind::ProviderNotFound);
    world.stop().await;
}

async fn a_broken_address_is_refused() {
    let world = World::start().await;
    for text in ["abc", "0OIl", &"1".repeat(33), "%F0%9F%92%A9"] {
        assert_problem(world.get(&format!("/v1/providers/{text}")).await, Kind::InvalidParameter).await;
    }
    world.stop().await;
}
