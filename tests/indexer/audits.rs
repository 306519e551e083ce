//! What audits say of leases, through reconciliation on real stores of both engines.

use crate::api::support::rows;
use crate::harness::With;
use crate::indexer::reconcile::{Scene, lease, settled};
use libtest_mimic::Trial;
use mira_core::amount::Units;
use mira_indexer::audit::{Accepted, Book, Ran, Row, State as AuditState};
use mira_indexer::reconcile::{Class, Owner, State, look, run};
use mira_store::Store;
use mira_store::scratch::Scratch;
use std::sync::Arc;

pub fn trials() -> Vec<Trial> {
    trials![async: scenarios_on_sqlite].with(trials![postgres: scenarios_on_postgres])
}

/// What the party behind a lease got.
fn ran(number: u8, output: u8) -> Ran {
    let [provider, owner, operator] = [0x40, 0x80, 0xc0].map(|role| [role + number; 32]);
    Ran { lease: [number; 32], provider, owner, operator, output: [output; 32], units: Units::new(1) }
}

/// Audits a shard of the first of these; the others are asked in turn.
async fn audit(store: &dyn Store, shard: u32, runs: &[Ran], at_ms: i64) -> Row {
    let book = Book::open(store, 1).await.unwrap();
    let accepted = Accepted { job: rows::JOB, shard, ran: runs[0] };
    let mut row = book.sample(&accepted, 1).await.unwrap().unwrap();
    for ran in &runs[1..] {
        row = book.ask(&row, Some([0x70; 32])).await.unwrap();
        row = book.take(&row, ran, at_ms).await.unwrap();
    }
    row
}

/// Three leases that match and a fourth that settled nothing: what audits take from them, and what they leave.
async fn scenarios(store: Arc<dyn Store>) {
    let scene = Scene { store };
    let store = &*scene.store;
    scene.write(vec![settled(lease(1), 100), settled(lease(2), 100), settled(lease(3), 100), lease(4)]).await;
    for number in 1..=3 {
        scene.report(number, 1, 100, 1_000).await;
        scene.vouch(number, 100, 2_000).await;
    }
    let all = run(store, 10_000).await.unwrap();
    assert_eq!((all.run.eligible, all.items.len()), (300, 0), "what nobody audited is neutral");

    // The honest ones pass, an open audit and one without a majority say nothing.
    let passed = audit(store, 0, &[ran(1, 7), ran(2, 7)], 3_000).await;
    let open = audit(store, 1, &[ran(1, 7), ran(2, 8)], 3_000).await;
    let apart = audit(store, 2, &[ran(2, 7), ran(3, 8), ran(1, 9)], 3_000).await;
    let states = [passed, open, apart].map(|row| row.state);
    assert_eq!(states, [AuditState::Passed, AuditState::Mismatch, AuditState::Inconclusive]);
    let same = look(store, 20_000).await.unwrap();
    assert_eq!((same.run.eligible, same.items.len()), (300, 0));

    // One lie of lease 3, and one that lease 4 told an auditor about a result of lease 2.
    audit(store, 3, &[ran(3, 7), ran(1, 8), ran(2, 8)], 4_000).await;
    audit(store, 4, &[ran(3, 7), ran(1, 7)], 5_000).await;
    audit(store, 5, &[ran(2, 7), ran(4, 8), ran(1, 7)], 6_000).await;
    let report = run(store, 30_000).await.unwrap();
    let found: Vec<_> =
        report.items.iter().map(|item| (item.lease[0], item.class, item.amount.get(), item.since_ms)).collect();
    assert_eq!(found, [(3, Class::AuditFailed, 100, 4_000), (4, Class::AuditFailed, 0, 6_000)]);
    assert!(report.items.iter().all(|item| (item.owner, item.state) == (Owner::Provider, State::Exception)));
    assert_eq!((report.run.matched, report.run.eligible), (300, 200));
    assert_eq!(store.recon_items(2, Some(Class::AuditFailed), None, 9).await.unwrap().rows, report.items);

    let counts: Vec<_> = store.audit_counts(0, i64::MAX).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.provider[0] - 0x40, count.passed, count.failed)).collect();
    assert_eq!(counts, [(1, 1, 0), (2, 1, 0), (3, 1, 1), (4, 0, 1)]);
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
