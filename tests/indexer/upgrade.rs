//! An index of a version that had no tables for disputes and epochs, made whole. On both engines.

use super::follower::{CLUSTER, Follower, cursor, hash};
use crate::harness::With;
use libtest_mimic::Trial;
use mira_core::ledger::Action;
use mira_indexer::testing::{Chain, FakeSource, lease, owner};
use mira_indexer::{SourceKind, rebuild};
use mira_store::conformance::take_disputes_back;
use mira_store::model::{DisputeFilter, DisputeStatus, Order, PageRequest};
use mira_store::scratch::Scratch;
use std::sync::Arc;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: disputes_come_back_on_sqlite].with(trials![postgres: disputes_come_back_on_postgres])
}

async fn disputes_come_back_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    disputes_come_back(&Scratch::sqlite(folder.path())).await;
}

async fn disputes_come_back_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    disputes_come_back(&scratch).await;
    scratch.drop().await.unwrap();
}

/// A dispute is opened before the upgrade and answered after it.
async fn disputes_come_back(scratch: &Scratch) {
    let source = Arc::new(FakeSource::new(CLUSTER));
    let mut chain = Chain::furnished(CLUSTER);
    chain.disputed_lease().unwrap();
    source.block(5, chain.take_raw(5));
    let store = scratch.open().await.unwrap();
    let follower = Follower::over(&store, &source, SourceKind::Blocks, &[]);
    follower.reached(5).await;
    follower.end().await;
    let whole = hash(&*store).await;
    store.close().await;
    take_disputes_back(scratch).await.unwrap();

    let store = scratch.open().await.unwrap();
    assert_ne!(hash(&*store).await, whole);
    let (lease, answer) = (lease(3), Some([22; 32]));
    chain.run(Action::RespondDispute { lease, actor: owner(0), answer }).unwrap();
    source.block(6, chain.take_raw(6));
    for kind in [SourceKind::Blocks, SourceKind::Signatures] {
        let follower = Follower::over(&store, &source, kind, &[]);
        let stop = follower.stopped().await;
        assert_eq!((stop.code, stop.asks_again), ("other_version", false));
        assert!(stop.reason.contains("run `mira rebuild`"), "{}", stop.reason);
        follower.end().await;
    }
    assert_eq!(cursor(&*store).await, Some(5), "nothing was read before the rebuild");

    let report = rebuild::rebuild(&*store).await.unwrap();
    assert_eq!((report.matches(), report.rebuilt), (false, whole));
    let follower = Follower::over(&store, &source, SourceKind::Blocks, &[]);
    follower.reached(6).await;
    follower.end().await;
    let page = PageRequest { order: Order::default(), limit: 10 };
    let disputes = store.disputes(&DisputeFilter::default(), page).await.unwrap().rows;
    let [dispute] = &disputes[..] else { panic!("{disputes:?}") };
    assert_eq!((dispute.lease, dispute.status, dispute.seq), (lease, DisputeStatus::Contested, 2));
    assert!(rebuild::verify(&*store).await.unwrap().matches());
    store.close().await;
}
