//! `POST /v1/node/usage`.

use libtest_mimic::Trial;
use mira_core::amount::Units;
use mira_store::model::LeaseRow;
use mira_wire::usage::UsageReport;
use mira_wire::{Kind, SigStr, U64Str};

use crate::api::support::rows::{LEASE, OPERATOR, OTHER_OPERATOR, STRANGER};
use crate::api::support::work::usage;
use crate::api::support::{World, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        stores_before_it_acknowledges,
        the_very_same_report_is_acknowledged_again,
        another_report_with_a_used_number_is_set_aside,
        gaps_are_refused,
        a_forged_report_is_set_aside,
        less_than_before_is_set_aside,
        more_than_the_cap_is_set_aside,
        a_released_lease_takes_none,
        only_the_leases_operator_may_report,
        an_unknown_lease_takes_none,
    ]
}

fn report(seq: u64, units: u64, items: u32) -> UsageReport {
    usage(OPERATOR, LEASE, seq, units, items)
}

/// Refused with this kind; nothing changed but that the report lies in quarantine for this reason.
async fn set_aside(world: &World, report: &UsageReport, kind: Kind) {
    let before = world.state().await;
    refused(world.node(OPERATOR).usage(report).await, kind);
    assert_eq!(world.state().await, before);
    let quarantined = world.store.quarantined_usage(&report.lease.get(), 100).await.unwrap();
    let found = quarantined.iter().find(|row| row.signature == report.signature.get()).expect("the evidence is kept");
    assert_eq!(found.reason, kind.slug().replace('-', "_"));
    assert_eq!((found.seq, found.cumulative_units), (report.seq.get(), Units::new(report.cumulative_units.get())));
}

async fn stores_before_it_acknowledges() {
    let world = World::start().await;
    let ack = world.node(OPERATOR).usage(&report(1, 1_000, 1)).await.unwrap();
    assert_eq!((ack.lease.get(), ack.seq.get()), (LEASE, 1));
    assert_eq!(world.store.usage(&LEASE, 0, 10).await.unwrap()[0].cumulative_units, Units::new(1_000));
    assert_eq!(world.node(OPERATOR).usage(&report(2, 1_000, 1)).await.unwrap().seq.get(), 2);
    assert!(world.store.quarantined_usage(&LEASE, 10).await.unwrap().is_empty());
    world.stop().await;
}

async fn the_very_same_report_is_acknowledged_again() {
    let world = World::start().await;
    let node = world.node(OPERATOR);
    node.usage(&report(1, 1_000, 1)).await.unwrap();
    node.usage(&report(2, 2_000, 2)).await.unwrap();
    let before = world.state().await;
    assert_eq!(node.usage(&report(1, 1_000, 1)).await.unwrap().seq.get(), 2);
    assert_eq!(node.usage(&report(2, 2_000, 2)).await.unwrap().seq.get(), 2);
    assert_eq!(world.state().await, before);
    world.stop().await;
}

async fn another_report_with_a_used_number_is_set_aside() {
    let world = World::start().await;
    world.node(OPERATOR).usage(&report(1, 1_000, 1)).await.unwrap();
    set_aside(&world, &report(1, 1_001, 1), Kind::UsageOutOfSequence).await;
    world.stop().await;
}

async fn gaps_are_refused() {
    let world = World::start().await;
    for seq in [0, 2, i64::MAX.unsigned_abs()] {
        set_aside(&world, &report(seq, 1_000, 1), Kind::UsageOutOfSequence).await;
    }
    // More than a table can hold.
    refused(world.node(OPERATOR).usage(&report(u64::MAX, 1_000, 1)).await, Kind::UsageOutOfSequence);
    world.stop().await;
}

async fn a_forged_report_is_set_aside() {
    let world = World::start().await;
    set_aside(&world, &usage(STRANGER, LEASE, 1, 1_000, 1), Kind::UsageSignatureInvalid).await;
    let changed = UsageReport { cumulative_units: U64Str(9_999), ..report(1, 1_000, 1) };
    set_aside(&world, &changed, Kind::UsageSignatureInvalid).await;
    let zeros = UsageReport { signature: SigStr([0; 64]), ..report(1, 1_000, 1) };
    set_aside(&world, &zeros, Kind::UsageSignatureInvalid).await;
    world.stop().await;
}

async fn less_than_before_is_set_aside() {
    let world = World::start().await;
    world.node(OPERATOR).usage(&report(1, 1_000, 5)).await.unwrap();
    set_aside(&world, &report(2, 999, 5), Kind::UsageDecreasing).await;
    set_aside(&world, &report(2, 1_000, 4), Kind::UsageDecreasing).await;
    world.stop().await;
}

async fn more_than_the_cap_is_set_aside() {
    let world = World::start().await;
    set_aside(&world, &report(1, 10_000_001, 1), Kind::UsageAboveCap).await;
    set_aside(&world, &report(1, u64::MAX, 1), Kind::UsageAboveCap).await;
    world.node(OPERATOR).usage(&report(1, 10_000_000, 1)).await.unwrap();
    world.stop().await;
}

async fn a_released_lease_takes_none() {
    let released = LeaseRow { released: true, ..rows::lease() };
    let world = World::with_rows(vec![rows::network().into(), rows::provider().into(), released.into()]).await;
    set_aside(&world, &report(1, 1_000, 1), Kind::LeaseReleased).await;
    world.stop().await;
}

async fn only_the_leases_operator_may_report() {
    let world = World::start().await;
    let before = world.state().await;
    refused(world.node(OTHER_OPERATOR).usage(&report(1, 1_000, 1)).await, Kind::WrongOperator);
    assert_eq!(world.state().await, before);
    assert!(world.store.quarantined_usage(&LEASE, 10).await.unwrap().is_empty(), "a stranger fills no tables");
    world.stop().await;
}

async fn an_unknown_lease_takes_none() {
    let world = World::start().await;
    refused(world.node(OPERATOR).usage(&usage(OPERATOR, [9; 32], 1, 1_000, 1)).await, Kind::LeaseNotFound);
    world.stop().await;
}
