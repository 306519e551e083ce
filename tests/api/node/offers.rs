//! `POST /v1/node/offers`.

use libtest_mimic::Trial;
use mira_core::amount::Shares;
use mira_store::model::{ProviderRow, ProviderStatus};
use mira_wire::node::{MAX_CACHED, MAX_SLOTS, Offer};
use mira_wire::{HashHex, KeyStr, Kind, U64Str};

use crate::api::support::work::{heartbeat, offer, quote};
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        an_offer_stands,
        a_new_one_replaces_it,
        bad_ones_are_refused,
        an_unknown_provider_is_refused,
        too_little_stake_is_refused,
        a_provider_that_drains_is_refused,
    ]
}

/// Refused with this kind, and nothing changed.
async fn changes_nothing(world: &World, offer: &Offer, kind: Kind) {
    let before = world.state().await;
    refused(world.node(rows::OPERATOR).offer(offer).await, kind);
    assert_eq!(world.state().await, before);
    refused(world.node(rows::OPERATOR).heartbeat(&heartbeat()).await, Kind::NoOffer);
}

async fn an_offer_stands() {
    let world = World::start().await;
    let ack = world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    assert_eq!((ack.provider, ack.heartbeat_ms), (KeyStr(rows::PROVIDER), 2_000));
    let quote = world.client.quote(&quote()).await.unwrap().data;
    assert_eq!((quote.candidates, quote.price_low), (1, Some(U64Str(1_000))));
    world.stop().await;
}

async fn a_new_one_replaces_it() {
    let world = World::start().await;
    let node = world.node(rows::OPERATOR);
    node.offer(&offer()).await.unwrap();
    node.offer(&Offer { unit_price: U64Str(1_500), ..offer() }).await.unwrap();
    let quote = world.client.quote(&quote()).await.unwrap().data;
    assert_eq!((quote.candidates, quote.price_low), (1, Some(U64Str(1_500))));
    world.stop().await;
}

async fn bad_ones_are_refused() {
    let world = World::start().await;
    for (bad, kind) in [
        (Offer { unit_kind: "watts".to_owned(), ..offer() }, Kind::UnknownUnitKind),
        (Offer { region: "EU West".to_owned(), ..offer() }, Kind::InvalidLabel),
        (Offer { resource_class: String::new(), ..offer() }, Kind::InvalidLabel),
        (Offer { unit_price: U64Str(0), ..offer() }, Kind::PriceZero),
        (Offer { slots: 0, ..offer() }, Kind::InvalidBody),
        (Offer { slots: MAX_SLOTS + 1, ..offer() }, Kind::InvalidBody),
        (Offer { cached: vec![HashHex([1; 32]); MAX_CACHED + 1], ..offer() }, Kind::InvalidBody),
    ] {
        changes_nothing(&world, &bad, kind).await;
    }
    world.stop().await;
}

async fn an_unknown_provider_is_refused() {
    let world = World::start().await;
    let unknown = Offer { provider: KeyStr([9; 32]), ..offer() };
    refused(world.node(rows::OPERATOR).offer(&unknown).await, Kind::ProviderNotFound);
    world.stop().await;
}

async fn too_little_stake_is_refused() {
    let row = ProviderRow { own_shares: Shares::new(999), ..rows::provider() };
    let world = World::with_rows(vec![rows::network().into(), row.into()]).await;
    changes_nothing(&world, &offer(), Kind::StakeTooLow).await;
    world.stop().await;
}

async fn a_provider_that_drains_is_refused() {
    for status in [ProviderStatus::Draining, ProviderStatus::Jailed] {
        let row = ProviderRow { status, ..rows::provider() };
        let world = World::with_rows(vec![rows::network().into(), row.into()]).await;
        changes_nothing(&world, &offer(), Kind::ProviderNotActive).await;
        world.stop().await;
    }
}
