//! `GET /v1/network`.

use libtest_mimic::Trial;
use mira_core::amount::{Payment, Stake};
use mira_store::model::{JobRow, JobState, LeaseRow, NetworkRow, ProviderRow, ProviderStatus};
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: adds_everything_up, says_who_governs_and_how, before_initialize_there_is_none, a_lost_database_is_unavailable]
}

async fn adds_everything_up() {
    let poor = ProviderRow {
        provider: [0x17; 32],
        total_stake: Stake::new(300_000_000),
        status: ProviderStatus::Draining,
        ..rows::other_provider()
    };
    let closed = JobRow {
        job: [0x24; 32],
        status: JobState::Closed,
        funded: Payment::new(90),
        paid: Payment::new(30),
        refunded: Payment::new(60),
        ..rows::job()
    };
    let released = LeaseRow { lease: [0x32; 32], released: true, ..rows::lease() };
    let world = World::with_rows(vec![
        rows::network().into(),
        rows::provider().into(),
        poor.into(),
        rows::job().into(),
        closed.into(),
        rows::lease().into(),
        released.into(),
        rows::fee_shard().into(),
        rows::rewards().into(),
    ])
    .await;
    let reply = world.client.network().await.unwrap();
    assert_eq!((reply.context.slot.get(), reply.context.lag_slots.get()), (90, 3));
    assert_eq!(reply.context.commitment, "finalized");
    let network = reply.data;
    assert_eq!(network.program_id, KeyStr(rows::PROGRAM));
    assert_eq!(network.dispatcher, KeyStr(rows::key_of(rows::DISPATCHER)));
    assert_eq!(network.cluster_id, KeyStr(rows::CLUSTER));
    assert_eq!((network.params.profile.as_str(), network.params.fee_bps), ("local", 500));
    let supply = network.supply;
    assert_eq!((supply.providers.get(), supply.active_providers.get()), (2, 1));
    assert_eq!((supply.total_stake.get(), supply.exposure.get()), (1_200_000_000, 80));
    // Shares of 3/4 and 1/4: 9/16 + 1/16.
    assert_eq!((supply.herfindahl_e4, supply.owners_for_half), (6_250, 1));
    let demand = network.demand;
    assert_eq!((demand.jobs.get(), demand.open_jobs.get(), demand.open_leases.get()), (2, 1, 1));
    assert_eq!((demand.in_escrow.get(), demand.paid.get()), (50_000_000, 30));
    assert_eq!((network.fees.collected.get(), network.fees.swept.get()), (77, 33));
    assert_eq!(network.coordination.jobs_open, 0);
    let slots = (network.coordination.slots_herfindahl_e4, network.coordination.owners_for_half_slots);
    assert_eq!(slots, (0, 0), "nobody offers any");
    world.stop().await;
}

async fn says_who_governs_and_how() {
    let row = NetworkRow { paused: true, pending_admin: Some([0x09; 32]), ..rows::network() };
    let world = World::with_rows(vec![row.into()]).await;
    let network = world.client.network().await.unwrap().data;
    assert_eq!((network.paused, network.pending_admin), (true, Some(KeyStr([0x09; 32]))));
    assert_eq!((network.admin, network.guardian), (KeyStr([0x02; 32]), KeyStr([0x05; 32])));
    assert_eq!(network.verifiers, [KeyStr([0x06; 32]), KeyStr([0x07; 32])]);
    assert_eq!(network.reward_authorities, [KeyStr([0x08; 32])]);
    let params = network.params;
    assert_eq!((params.bond_bps, params.min_bond.get(), params.respond_secs), (1_100, 12, 13));
    assert_eq!((params.vote_secs, params.jail_secs, params.max_slash_bps), (14, 15, 1_600));
    assert_eq!((params.reward_share_bps, params.epoch_secs), (1_700, 18));
    assert_eq!((params.challenge_secs, params.stale_secs), (19, 20));
    world.stop().await;
}

async fn before_initialize_there_is_none() {
    let world = World::with_rows(Vec::new()).await;
    refused(world.client.network().await, Kind::NetworkNotFound);
    world.stop().await;
}

async fn a_lost_database_is_unavailable() {
    let world = World::start().await;
    world.store.close().await;
    refused(world.client.network().await, Kind::StoreUnavailable);
    world.stop().await;
}
