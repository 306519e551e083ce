//! Backups.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bench, books, commit, sample};
use crate::model::{ChainSlot, Claim, DeadLetter, JobRow, Projection, Restored, Set, SlotCommit};
use crate::scratch::Scratch;
use crate::sql::{backed_up, folded};
use crate::{BackupError, Error, Store};

/// An index with rows in every table.
async fn filled(bench: &Bench) -> Claim {
    let claim = bench.with(sample::world()).await;
    let (id, recorded_ms) = ([8; 64], 1);
    let letter = DeadLetter { signature: id, slot: 12, reason: "?".into(), bytes: vec![7], recorded_ms };
    let slots = [11, 12].map(|slot| ChainSlot { block_time: Some(5), ..sample::chain_slot(slot) }).to_vec();
    let events = (0..300).map(|n| sample::event(12, n)).collect();
    let more = SlotCommit { slots, events, dead_letters: vec![letter], ..commit(&claim, 12, Vec::new()) };
    bench.store.commit_slot(more).await.unwrap();
    bench.store.compact_slots("test", 11, 9).await.unwrap();
    let claim = Claim { at: Some(12), ..claim };
    books::fill(&*bench.store, &claim).await;
    claim
}

async fn back_up(store: &dyn Store) -> Vec<u8> {
    let mut file = Vec::new();
    let made = store.back_up("test", 77, &mut file).await.unwrap();
    assert_eq!((made.bytes, made.head.made_ms), (file.len() as u64, 77));
    file
}

/// Deletes all rows.
async fn empty(bench: &Bench) {
    for table in backed_up().into_iter().map(|(name, _)| name).chain(folded()) {
        bench.scratch.execute(&format!("DELETE FROM {table}")).await.unwrap();
    }
}

async fn refused(bench: &Bench, file: &[u8]) -> BackupError {
    let mut from = file;
    match bench.store.restore(&mut from).await.unwrap_err() {
        Error::Backup(error) => error,
        other => panic!("{other}"),
    }
}

/// Restores, and folds as the indexer would.
async fn restored(bench: &Bench, mut file: &[u8], rows: &[Projection]) -> Restored {
    let restored = bench.store.restore(&mut file).await.unwrap();
    bench.store.write_shadow(rows).await.unwrap();
    restored
}

pub async fn every_table_is_backed_up_or_folded(bench: &Bench) {
    let mut schema: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in bench.scratch.columns().await.unwrap() {
        schema.entry(table).or_default().insert(column);
    }
    assert!(schema.remove(Scratch::MIGRATIONS).is_some());
    for (table, columns) in backed_up() {
        let known: BTreeSet<String> = columns.split(", ").map(str::to_owned).collect();
        assert_eq!(schema.remove(table), Some(known), "the columns of table {table}");
    }
    for table in folded() {
        assert!(schema.remove(table).is_some(), "no table {table}");
    }
    let left: Vec<_> = schema.keys().collect();
    assert!(left.is_empty(), "in no backup and not folded from events: {left:?}; see sql/archive.rs");
}

pub async fn a_backup_comes_back(bench: &Bench) {
    let store = &bench.store;
    let claim = filled(bench).await;
    for (table, _) in backed_up() {
        // Without this the comparison below would say nothing of that table.
        assert!(bench.scratch.count(table).await.unwrap() > 0, "{table} is empty");
    }
    let file = back_up(&**store).await;
    let state = store.state_digest(Set::Live, "test").await.unwrap();
    empty(bench).await;
    assert_ne!(store.state_digest(Set::Live, "test").await.unwrap(), state);

    let restored = restored(bench, &file, &sample::world()).await;
    assert_eq!((restored.head.state_hash, restored.head.slot), (state.hash, Some(12)));
    assert_eq!(store.cursor("test").await.unwrap(), None, "no indexer may go on from here");
    store.finish_restore(&restored, 3).await.unwrap();
    assert_eq!(store.state_digest(Set::Live, "test").await.unwrap(), state);
    assert_eq!(back_up(&**store).await, file, "every row of every table");
    let meta = store.projection_meta("test").await.unwrap().unwrap();
    assert_eq!((meta.code_version, meta.state_hash), (3, state.hash));
    store.commit_slot(commit(&claim, 13, Vec::new())).await.unwrap();
}

pub async fn a_target_with_rows_is_refused(bench: &Bench) {
    filled(bench).await;
    let file = back_up(&*bench.store).await;
    assert!(matches!(refused(bench, &file).await, BackupError::NotEmpty { table: "cursor" }));
    assert_eq!(back_up(&*bench.store).await, file);
    empty(bench).await;
    bench.store.write_shadow(&[sample::rewards().into()]).await.unwrap();
    assert!(matches!(refused(bench, &file).await, BackupError::NotEmpty { table: "rewards" }));
}

pub async fn a_bad_file_leaves_nothing(bench: &Bench) {
    filled(bench).await;
    let good = back_up(&*bench.store).await;
    empty(bench).await;
    let last = good.len() - 1;
    let mut bad = good.clone();
    bad[last] ^= 1;
    assert!(matches!(refused(bench, &bad).await, BackupError::Damaged { .. }));
    assert!(matches!(refused(bench, &good[..last]).await, BackupError::CutOff { .. }));
    assert!(matches!(refused(bench, b"SQLite format 3\0 and more").await, BackupError::Foreign));
    assert!(matches!(refused(bench, b"").await, BackupError::Foreign));
    // Had anything stayed, the target would not be empty.
    restored(bench, &good, &[]).await;
}

pub async fn another_state_is_refused(bench: &Bench) {
    filled(bench).await;
    let file = back_up(&*bench.store).await;
    empty(bench).await;
    let mut rows = sample::world();
    let Some(Projection::Job(job)) = rows.iter_mut().find(|row| matches!(row, Projection::Job(_))) else { panic!() };
    *job = JobRow { open_leases: job.open_leases + 1, ..job.clone() };
    let restored = restored(bench, &file, &rows).await;
    let error = bench.store.finish_restore(&restored, 3).await.unwrap_err();
    assert!(matches!(&error, Error::Backup(BackupError::OtherState { .. })), "{error}");
    assert_eq!(bench.store.cursor("test").await.unwrap(), None);
}
