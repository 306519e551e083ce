//! What is read as of a slot, from a real SQLite file.

use super::*;
use crate::shell::{Config, Indexer, Source};
use crate::testing::{Chain, FakeSource, lease, provider};
use mira_core::amount::Units;
use mira_store::model::{AuditRow, AuditState};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const CLUSTER: Key = [7; 32];
const LONG: Duration = Duration::from_secs(20);

/// A furnished chain in slot 5, a lease that settled 5,000 in slot 6, one that is disputed in slot 8.
async fn indexed(folder: &std::path::Path) -> Arc<dyn Store> {
    let store = mira_store::open(&format!("sqlite:{}", folder.join("mira.sqlite").display())).await.unwrap();
    let source = Arc::new(FakeSource::new(CLUSTER));
    let mut chain = Chain::furnished(CLUSTER);
    source.block(5, chain.take_raw(5));
    chain.open(1, 20_000).unwrap();
    chain.settle(1, 5_000, 2_500).unwrap();
    source.block(6, chain.take_raw(6));
    chain.disputed_lease().unwrap();
    source.block(8, chain.take_raw(8));
    for (slot, time) in [(5, None), (6, Some(60)), (8, Some(80))] {
        source.change(slot, |block| block.block_time = time);
    }
    let shutdown = CancellationToken::new();
    let config = Config { start_slot: Some(5), poll: Duration::from_millis(2), concurrency: 1, ..Config::default() };
    let handle = Indexer::spawn_from(config, store.clone(), Source::Blocks(source), shutdown.clone());
    tokio::time::timeout(LONG, handle.reached(8)).await.unwrap().unwrap();
    shutdown.cancel();
    handle.task.await.unwrap();
    store
}

async fn report(store: &dyn Store, number: u8, seq: u64, units: u64, received_ms: i64) {
    let report = UsageReport {
        lease: lease(number),
        seq,
        cumulative_units: Units::new(units),
        items: 1,
        outputs_hash: [1; 32],
        signer: [2; 32],
        signature: [3; 64],
        received_ms,
    };
    store.put_usage(report).await.unwrap();
}

async fn at(store: &dyn Store, slot: u64) -> Inputs {
    read(store, Some(slot), BTreeMap::new()).await.unwrap()
}

#[tokio::test]
async fn what_came_after_the_slots_time_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let store = indexed(folder.path()).await;
    report(&*store, 1, 1, 1_000, 1).await;
    report(&*store, 1, 2, 2_000, 60_999).await;
    report(&*store, 1, 3, 2_500, 61_000).await;
    let early = at(&*store, 6).await;
    let line = early.leases[&lease(1)];
    assert_eq!((line.provider, line.settled.get(), line.fee_paid.get()), (provider(0), 5_000, 75));
    assert_eq!((line.matched.get(), line.eligible.get()), (4_000, 4_000));
    assert_eq!(at(&*store, 8).await.leases[&lease(1)].eligible.get(), 5_000);
    assert_eq!((early.leases.len(), early.header.slot, early.header.time), (1, 6, 60));
    // The slot between has no block.
    let between = at(&*store, 7).await;
    assert_eq!(between, early);
}

#[tokio::test]
async fn a_lease_without_a_report_or_with_a_dispute_counts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = indexed(folder.path()).await;
    report(&*store, 3, 1, 1_000_000, 1).await;
    let inputs = at(&*store, 8).await;
    let (silent, disputed) = (inputs.leases[&lease(1)], inputs.leases[&lease(3)]);
    assert_eq!((silent.matched.get(), silent.eligible.get()), (0, 0));
    assert_eq!((disputed.matched, disputed.eligible.get()), (disputed.settled, 0));
    assert!(!disputed.settled.is_zero());
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let store = indexed(folder.path()).await;
    let said = |error: ReadError| error.to_string();
    let error = read(&*store, Some(9), BTreeMap::new()).await.map_err(said).unwrap_err();
    assert_eq!(error, "slot 9 is not indexed; the index ends at 8");
    let error = read(&*store, Some(5), BTreeMap::new()).await.map_err(said).unwrap_err();
    assert!(error.starts_with("no slot up to 5 has a block with a time: index the cluster from a slot that has one"));
    let empty = mira_store::open(&format!("sqlite:{}", folder.path().join("empty.sqlite").display())).await.unwrap();
    let error = read(&*empty, None, BTreeMap::new()).await.map_err(said).unwrap_err();
    assert_eq!(error, "slot 0 is not indexed; the index ends at nothing");
}

#[tokio::test]
async fn what_is_built_verifies_against_its_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let store = indexed(folder.path()).await;
    report(&*store, 1, 1, 2_500, 1).await;
    let bundle = build(&*store, None, None).await.unwrap();
    assert_eq!(super::super::against_ledger(&bundle, &*store).await.unwrap(), vec![]);
    let error = build(&*store, None, Some(&bundle)).await.unwrap_err();
    assert!(matches!(error, BuildError::First), "{error}");
}

/// An audited result of a lease of provider 0, decided at a time.
async fn audit(store: &dyn Store, shard: u32, number: u8, state: AuditState, decided_ms: i64) {
    let row = AuditRow {
        job: [8; 32],
        shard,
        lease: lease(number),
        provider: provider(0),
        owner: [1; 32],
        operator: [2; 32],
        output: [3; 32],
        units: Units::new(1),
        seed: 1,
        rate: mira_core::amount::Bps::ONE,
        sampled_ms: 1,
        state: AuditState::Sampled,
        asked: None,
        decided_ms: None,
        wrong_lease: None,
        wrong_provider: None,
    };
    store.put_audit(row.clone()).await.unwrap();
    let wrong = (state == AuditState::Failed).then_some(row.lease);
    let wrong_provider = wrong.map(|_| row.provider);
    let row = AuditRow { state, decided_ms: Some(decided_ms), wrong_lease: wrong, wrong_provider, ..row };
    store.move_audit(row, None).await.unwrap();
}

#[tokio::test]
async fn audits_until_the_slots_time_exclude_and_observe() {
    let folder = tempfile::tempdir().unwrap();
    let store = indexed(folder.path()).await;
    report(&*store, 1, 1, 2_500, 1).await;
    let old_ms = 60_999 - AUDITS_SECS * 1_000;
    audit(&*store, 0, 1, AuditState::Passed, old_ms - 1).await;
    audit(&*store, 1, 1, AuditState::Passed, old_ms + 1).await;
    audit(&*store, 2, 1, AuditState::Cleared, 60_999).await;
    audit(&*store, 3, 1, AuditState::Failed, 61_000).await;
    audit(&*store, 4, 1, AuditState::Inconclusive, 60_000).await;
    let (early, late) = (at(&*store, 6).await, at(&*store, 8).await);
    let seen =
        |inputs: &Inputs| (inputs.leases[&lease(1)].eligible.get(), inputs.providers[&provider(0)].observed.audits);
    assert_eq!(seen(&early), (5_000, Some(Rate { good: 2, of: 2 })));
    assert_eq!(seen(&late), (0, Some(Rate { good: 1, of: 2 })), "the thirty days go along");
    assert_eq!(late.leases[&lease(1)].matched.get(), 5_000);
    let bundle = build(&*store, None, None).await.unwrap();
    let line = bundle.providers.iter().find(|line| line.provider.0 == provider(0)).unwrap();
    assert_eq!((line.quality_bps, line.earned.0), (5_000, 0));
    assert_eq!(super::super::against_ledger(&bundle, &*store).await.unwrap(), vec![]);
}
