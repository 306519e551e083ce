//! `GET /v1/reconciliation`.

use libtest_mimic::Trial;
use mira_core::amount::{Payment, Units};
use mira_indexer::reconcile::run;
use mira_store::model::LeaseRow;
use mira_wire::Kind;
use mira_wire::reconciliation::ReconciliationQuery;

use crate::api::support::rows::{self, LEASE, NOW, OPERATOR};
use crate::api::support::work::usage;
use crate::api::support::{World, assert_problem};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: the_newest_runs_differences_page, bad_queries_are_refused]
}

async fn the_newest_runs_differences_page() {
    let unreported = LeaseRow { lease: [0x32; 32], ..rows::lease() };
    let settled = (Payment::new(150), Units::new(150_000));
    let over = LeaseRow { lease: [0x33; 32], settled: settled.0, units: settled.1, ..rows::lease() };
    let world =
        World::with_rows(vec![rows::network().into(), rows::lease().into(), unreported.into(), over.into()]).await;
    let all = ReconciliationQuery::default();
    assert_eq!(world.client.reconciliation(&all).await.unwrap().data, [], "no run was kept");

    for (lease, units) in [(LEASE, 160_000), ([0x33; 32], 120_000)] {
        world.node(OPERATOR).usage(&usage(OPERATOR, lease, 1, units, 1)).await.unwrap();
    }
    run(&*world.store, NOW * 1_000 + 5_000).await.unwrap();
    let page = world.client.reconciliation(&all).await.unwrap();
    let found = page.data.iter().map(|one| (one.lease.get()[0], one.class.as_str(), one.amount.get()));
    let expected = [(0x31, "unvouchered", 60), (0x32, "missing_report", 100), (0x33, "over_settled", 30)];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let first = &page.data[0];
    assert_eq!((first.run.get(), first.owner.as_str(), first.state.as_str()), (1, "requester", "pending"));
    assert_eq!(first.since.secs(), NOW);

    // A page stays with its run.
    let two = ReconciliationQuery { limit: Some(2), ..ReconciliationQuery::default() };
    let start = world.client.reconciliation(&two).await.unwrap();
    assert_eq!(start.data, page.data[..2]);
    run(&*world.store, NOW * 1_000 + 6_000).await.unwrap();
    let rest = ReconciliationQuery { cursor: start.next_cursor, ..two };
    let rest = world.client.reconciliation(&rest).await.unwrap();
    assert_eq!((rest.data.as_slice(), rest.next_cursor), (&page.data[2..], None));
    let class = Some("over_settled".to_owned());
    let of_class = world.client.reconciliation(&ReconciliationQuery { class, ..all }).await.unwrap();
    assert_eq!(of_class.data.iter().map(|one| one.run.get()).collect::<Vec<_>>(), [2]);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert_problem(world.get("/v1/reconciliation?limit=101").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/reconciliation?class=odd").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/reconciliation?run=1").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/reconciliation?cursor=abc").await, Kind::InvalidCursor).await;
    world.stop().await;
}
