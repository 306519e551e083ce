//! Each class of difference: found, dated, kept, and excluded from what is eligible, on real stores; and
//! each reason for which the API sets a report aside, through the API itself.

use crate::api::support::rows::{self, LEASE, OPERATOR, VOUCHER_SIGNER};
use crate::api::support::work::{usage, voucher};
use crate::api::support::{World, refused};
use crate::harness::With;
use libtest_mimic::Trial;
use mira_core::Key;
use mira_core::amount::{Payment, Units};
use mira_indexer::reconcile::{Class, Item, Owner, Report, State, look, run};
use mira_store::Store;
use mira_store::model::{LeaseRow, Projection, UsageReport, Voucher};
use mira_store::scratch::Scratch;
use mira_wire::Kind;
use std::sync::Arc;

pub fn trials() -> Vec<Trial> {
    trials![async: scenarios_on_sqlite, the_api_sets_aside_what_reconciliation_finds, a_number_ahead_is_forgiven_when_it_comes_again]
        .with(trials![postgres: scenarios_on_postgres])
}

/// A lease by number: a cap of 10,000 at one payment unit per 1,000, nothing settled.
pub fn lease(number: u8) -> LeaseRow {
    LeaseRow { lease: [number; 32], ..rows::opened(&rows::job()).1 }
}

/// A store, and what is said and done there.
pub struct Scene {
    pub store: Arc<dyn Store>,
}

impl Scene {
    /// Writes rows as the next slot.
    pub async fn write(&self, rows: Vec<LeaseRow>) {
        rows::write(&*self.store, rows.into_iter().map(Projection::from).collect(), Vec::new()).await;
    }

    pub async fn report(&self, number: u8, seq: u64, thousands: u64, received_ms: i64) {
        let report = UsageReport {
            lease: [number; 32],
            seq,
            cumulative_units: Units::new(thousands * 1_000),
            items: 1,
            outputs_hash: [6; 32],
            signer: rows::key_of(OPERATOR),
            signature: [8; 64],
            received_ms,
        };
        self.store.put_usage(report).await.unwrap();
    }

    pub async fn vouch(&self, number: u8, amount: u64, received_ms: i64) {
        let voucher = Voucher {
            lease: [number; 32],
            cumulative_amount: Payment::new(amount),
            cumulative_units: Units::new(amount * 1_000),
            signer: rows::key_of(VOUCHER_SIGNER),
            signature: [8; 64],
            received_ms,
        };
        self.store.put_voucher(voucher).await.unwrap();
    }
}

/// A row after `amount` was settled at its price.
pub fn settled(row: LeaseRow, amount: u64) -> LeaseRow {
    let (fee_paid, units) = (Payment::new(amount.div_ceil(20)), Units::new(amount * 1_000));
    LeaseRow { settled: Payment::new(amount), fee_paid, units, seq: row.seq + 1, ..row }
}

/// Class, owner, state, amount and date of an item.
type Found = (Class, Owner, State, u64, i64);

/// What a run says of a lease.
fn of(report: &Report, number: u8) -> Vec<Found> {
    let items = report.items.iter().filter(|item| item.lease == Key::from([number; 32]));
    items.map(|item| (item.class, item.owner, item.state, item.amount.get(), item.since_ms)).collect()
}

/// Eight leases, one story each, and what is left of them after an hour.
async fn scenarios(store: Arc<dyn Store>) {
    let scene = Scene { store };
    begin(&scene).await;
    let first = found_first(&*scene.store).await;
    let second = found_an_hour_later(&scene).await;
    kept(&*scene.store, &[first, second]).await;
}

async fn begin(scene: &Scene) {
    let disputed = LeaseRow { disputed: true, challenged: true, ..settled(lease(6), 100) };
    let dear = LeaseRow { units: Units::new(60_000), ..settled(lease(7), 100) };
    scene
        .write(vec![
            settled(lease(1), 100),
            lease(2),
            settled(lease(3), 60),
            settled(lease(4), 100),
            LeaseRow { released: true, ..settled(lease(5), 50) },
            disputed,
            dear,
            settled(lease(8), 100),
        ])
        .await;
    for (number, reported, vouchered) in [(1, 100, 100), (2, 90, 40), (3, 100, 100), (4, 80, 100), (5, 70, 50)] {
        scene.report(number, 1, reported, 1_000).await;
        scene.vouch(number, vouchered, 2_000).await;
    }
    for number in [6, 7] {
        scene.report(number, 1, 100, 1_000).await;
    }
}

const REQUESTER: Owner = Owner::Requester;
const PROVIDER: Owner = Owner::Provider;
const EXCEPTION: State = State::Exception;

async fn found_first(store: &dyn Store) -> Report {
    let first = run(store, 10_000).await.unwrap();
    let expected: [(u8, &[Found]); 8] = [
        (1, &[]),
        // Works on: the requester owes, and the provider has not cashed.
        (
            2,
            &[
                (Class::Unvouchered, REQUESTER, State::Pending, 50, 1_000),
                (Class::Unsettled, PROVIDER, State::Pending, 40, 2_000),
            ],
        ),
        (3, &[(Class::Unsettled, PROVIDER, State::Pending, 40, 2_000)]),
        (4, &[(Class::OverSettled, PROVIDER, EXCEPTION, 20, 10_000)]),
        // The requester stopped signing, or the provider over-reports: released, and nobody can sign any more.
        (5, &[(Class::Unvouchered, REQUESTER, EXCEPTION, 20, 1_000)]),
        (6, &[]),
        (7, &[(Class::PriceBreach, REQUESTER, EXCEPTION, 40, 10_000)]),
        (8, &[(Class::MissingReport, PROVIDER, EXCEPTION, 100, 10_000)]),
    ];
    for (number, items) in expected {
        assert_eq!(of(&first, number), items, "lease {number}");
    }
    assert_eq!((first.run.run, first.run.slot, first.run.leases, first.run.matched_leases), (1, Some(10), 8, 2));
    // 1: 100, 3: 60, 4: 80, 5: 50, 6: 100 but disputed, 7: 100; fees are a twentieth.
    assert_eq!((first.run.matched, first.run.eligible, first.run.eligible_fees), (490, 390, 20));
    assert_eq!(first.lasting(0).count(), 4);
    assert_eq!(first.lasting(9_000).count(), 1, "only lease 5's is older than this run");
    first
}

async fn found_an_hour_later(scene: &Scene) -> Report {
    let store = &*scene.store;
    // An hour later: 2 was paid and works on, 4 was reported after all, 8 has ended.
    scene.report(2, 2, 95, 3_600_000).await;
    scene.vouch(2, 93, 3_600_001).await;
    scene.report(4, 2, 100, 3_600_000).await;
    let ended = LeaseRow { released: true, ended: true, seq: 9, ..settled(lease(8), 100) };
    scene.write(vec![LeaseRow { seq: 7, ..settled(lease(2), 40) }, ended]).await;
    let seen = look(store, 3_610_000).await.unwrap();
    let second = run(store, 3_610_000).await.unwrap();
    assert_eq!(seen, second, "looking and keeping find the same");
    let on_its_way = [
        (Class::Unvouchered, REQUESTER, State::Pending, 2, 3_600_000),
        (Class::Unsettled, PROVIDER, State::Pending, 53, 3_600_001),
    ];
    assert_eq!(of(&second, 2), on_its_way, "what was owed first was paid; this is new");
    assert_eq!(of(&second, 3), [(Class::Unsettled, PROVIDER, State::Pending, 40, 2_000)]);
    assert!(of(&second, 4).is_empty());
    assert_eq!(of(&second, 7), [(Class::PriceBreach, REQUESTER, EXCEPTION, 40, 10_000)], "as old as its first run");
    assert_eq!(of(&second, 8), [(Class::MissingReport, PROVIDER, State::Closed, 100, 10_000)]);
    assert_eq!(second.lasting(3_600_000).count(), 2);
    second
}

/// Both runs are in the store as they were reported.
async fn kept(store: &dyn Store, reports: &[Report]) {
    for report in reports {
        let mut items = store.recon_items(report.run.run, None, None, 100).await.unwrap().rows;
        let mut expected: Vec<Item> = report.items.clone();
        for list in [&mut items, &mut expected] {
            list.sort_by_key(|item| (item.lease, item.class));
        }
        assert_eq!(items, expected);
        assert_eq!(report.run.items, expected.len() as u64);
    }
    let runs = store.recon_runs(None, 10).await.unwrap().rows;
    assert_eq!(runs, reports.iter().rev().map(|report| report.run.clone()).collect::<Vec<_>>());
}

async fn scenarios_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    scenarios(Scratch::sqlite(folder.path()).open().await.unwrap()).await;
}

async fn scenarios_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    let store = scratch.open().await.unwrap();
    scenarios(store.clone()).await;
    store.close().await;
    scratch.drop().await.unwrap();
}

/// The API's world: one open lease, 100 of it settled for 100,000 units, which are reported and vouchered.
async fn settled_world() -> World {
    let world = World::start().await;
    world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 1, 100_000, 1)).await.unwrap();
    assert_eq!(look(&*world.store, ms()).await.unwrap().items, []);
    world
}

/// The world's time, which stands still.
fn ms() -> i64 {
    rows::NOW * 1_000
}

/// Class, owner, amount of the only item; it is as old as its evidence.
async fn only(world: &World) -> (Class, Owner, u64) {
    let report = look(&*world.store, ms() + 5_000).await.unwrap();
    let [item] = report.items.as_slice() else { panic!("{:?}", report.items) };
    assert_eq!((item.since_ms, report.run.eligible), (ms(), 100), "what was set aside changes nothing that counts");
    (item.class, item.owner, item.amount.get())
}

async fn the_api_sets_aside_what_reconciliation_finds() {
    let world = settled_world().await;
    let node = world.node(OPERATOR);
    // The very same report again is no difference.
    node.usage(&usage(OPERATOR, LEASE, 1, 100_000, 1)).await.unwrap();
    assert_eq!(look(&*world.store, ms()).await.unwrap().items, []);
    refused(node.usage(&usage(OPERATOR, LEASE, 1, 180_000, 1)).await, Kind::UsageOutOfSequence);
    assert_eq!(only(&world).await, (Class::Replayed, Owner::Provider, 180));
    world.stop().await;

    let world = settled_world().await;
    refused(world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 2, 90_000, 1)).await, Kind::UsageDecreasing);
    assert_eq!(only(&world).await, (Class::Replayed, Owner::Provider, 90));
    world.stop().await;

    let world = settled_world().await;
    refused(world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 2, 11_000_000, 2)).await, Kind::UsageAboveCap);
    assert_eq!(only(&world).await, (Class::CapBreach, Owner::Provider, 1_000));
    world.stop().await;

    let world = settled_world().await;
    let forged = usage(rows::STRANGER, LEASE, 2, 300_000, 2);
    refused(world.node(OPERATOR).usage(&forged).await, Kind::UsageSignatureInvalid);
    assert_eq!(look(&*world.store, ms()).await.unwrap().items, [], "what nobody signed shows nothing");
    world.stop().await;

    let world = settled_world().await;
    world.write(vec![LeaseRow { released: true, seq: 4, ..rows::lease() }.into()], Vec::new()).await;
    refused(world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 2, 150_000, 2)).await, Kind::LeaseReleased);
    assert_eq!(only(&world).await, (Class::OutOfWindow, Owner::Provider, 50));
    world.stop().await;

    // Over-reported: the requester signs no more than it got.
    let world = settled_world().await;
    world.node(OPERATOR).usage(&usage(OPERATOR, LEASE, 2, 170_000, 2)).await.unwrap();
    assert_eq!(only(&world).await, (Class::Unvouchered, Owner::Requester, 70));
    world.client.post_voucher(&voucher(VOUCHER_SIGNER, LEASE, 170, 170_000)).await.unwrap();
    assert_eq!(only(&world).await, (Class::Unsettled, Owner::Provider, 70));
    world.stop().await;
}

async fn a_number_ahead_is_forgiven_when_it_comes_again() {
    let world = settled_world().await;
    let node = world.node(OPERATOR);
    let third = usage(OPERATOR, LEASE, 3, 130_000, 3);
    refused(node.usage(&third).await, Kind::UsageOutOfSequence);
    assert_eq!(only(&world).await, (Class::MissingReport, Owner::Provider, 30));
    node.usage(&usage(OPERATOR, LEASE, 2, 120_000, 2)).await.unwrap();
    node.usage(&third).await.unwrap();
    assert_eq!(only(&world).await, (Class::Unvouchered, Owner::Requester, 30));
    world.stop().await;
}
