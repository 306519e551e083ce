//! Transactions that nobody can read: they stop the indexer until the operator names them, and even then nothing that
//! is lost with one goes unnoticed. On both engines.

use super::follower::{CLUSTER, Follower, LONG, cursor, hash};
use crate::harness::With;
use libtest_mimic::Trial;
use mira_chain::event::{EventId, RawEvent};
use mira_chain::source::UnreadableTransaction;
use mira_core::amount::Payment;
use mira_core::ledger::Action;
use mira_indexer::testing::{Chain, FakeSource, job};
use mira_indexer::{SourceKind, prove, rebuild};
use mira_store::scratch::Scratch;
use std::sync::Arc;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: set_aside_on_sqlite, lost_on_sqlite].with(trials![postgres: set_aside_on_postgres, lost_on_postgres])
}

/// The transaction that holds an event that no version knows.
const UNKNOWN: [u8; 64] = [1; 64];
/// The transaction that the endpoint cannot show.
const PARSED: [u8; 64] = [2; 64];

async fn set_aside_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    set_aside(&Scratch::sqlite(folder.path())).await;
}

async fn set_aside_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    set_aside(&scratch).await;
    scratch.drop().await.unwrap();
}

async fn lost_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    lost(&Scratch::sqlite(folder.path())).await;
}

async fn lost_on_postgres(server: String) {
    let scratch = Scratch::postgres(&server).await.unwrap();
    lost(&scratch).await;
    scratch.drop().await.unwrap();
}

fn unknown(slot: u64) -> RawEvent {
    let id = EventId { signature: UNKNOWN, ix: 0, inner_ix: 9 };
    RawEvent { id, slot, block_time: Some(1), discriminator: [0xee; 8], schema: 1, payload: vec![1, 2] }
}

fn fund(chain: &mut Chain) {
    chain.run(Action::FundJob { job: job(0), amount: Payment::new(5) }).unwrap();
}

/// Slot 6 has a transaction with an unknown event, slot 7 one that cannot be shown; the rest is good.
async fn set_aside(scratch: &Scratch) {
    let store = scratch.open().await.unwrap();
    let (source, clean) = (Arc::new(FakeSource::new(CLUSTER)), Arc::new(FakeSource::new(CLUSTER)));
    let mut chain = Chain::furnished(CLUSTER);
    for slot in [5, 6, 7, 8] {
        let events = chain.take_raw(slot);
        clean.block(slot, events.clone());
        let spoilt = (slot == 6).then(|| unknown(slot));
        source.block(slot, events.into_iter().chain(spoilt).collect());
        fund(&mut chain);
    }
    let reason = "its inner instructions are parsed, not raw".to_owned();
    source.spoil(UnreadableTransaction { signature: PARSED, slot: 7, reason, received: b"{}".to_vec() });

    // Nothing is set aside by itself, and one name opens one door.
    for (named, code, at) in [(&[][..], "unknown_event", 5), (&[UNKNOWN][..], "unreadable_transaction", 6)] {
        let running = Follower::over(&store, &source, SourceKind::Blocks, named);
        let stop = running.stopped().await;
        assert_eq!((stop.code, stop.asks_again, cursor(&*store).await), (code, false, Some(at)), "{}", stop.reason);
        running.end().await;
    }
    let running = Follower::over(&store, &source, SourceKind::Blocks, &[PARSED]);
    running.reached(8).await;
    assert_eq!(running.handle.health.borrow().set_aside, 2);
    assert!(running.handle.health.borrow().completeness().contains("2 transactions set aside"));
    running.end().await;

    let letters = store.dead_letters(None, 10).await.unwrap();
    let kept: Vec<_> = letters.iter().map(|letter| (letter.signature, letter.slot, letter.recorded_ms > 0)).collect();
    assert_eq!(kept, [(UNKNOWN, 6, true), (PARSED, 7, true)]);
    let stored: serde_json::Value = serde_json::from_slice(&letters[0].bytes).unwrap();
    assert_eq!(stored, serde_json::json!([{ "ix": 0, "inner_ix": 9, "data": "eeeeeeeeeeeeeeee0102" }]));
    assert_eq!(letters[1].bytes, b"{}");
    let proof = prove::prove(&*store).await.unwrap();
    let named: Vec<_> = proof.named.iter().map(|hole| hole.code()).collect();
    assert_eq!(named, ["transaction_set_aside", "transaction_set_aside"], "the proof still says that it is not whole");
    assert!(rebuild::verify(&*store).await.unwrap().matches());

    // The rows are those of a chain on which neither ever happened.
    let folder = tempfile::tempdir().unwrap();
    let other = Scratch::sqlite(folder.path()).open().await.unwrap();
    let running = Follower::over(&other, &clean, SourceKind::Signatures, &[]);
    running.reached(8).await;
    running.end().await;
    assert_eq!(hash(&*store).await, hash(&*other).await);
    store.close().await;
}

/// Slot 6 funds a job in the very transaction that has the unknown event, slot 7 funds it again.
async fn lost(scratch: &Scratch) {
    let store = scratch.open().await.unwrap();
    let source = Arc::new(FakeSource::new(CLUSTER));
    let mut chain = Chain::furnished(CLUSTER);
    source.block(5, chain.take_raw(5));
    fund(&mut chain);
    let mut events = chain.take_raw(6);
    events[0].id.signature = UNKNOWN;
    events.push(unknown(6));
    source.block(6, events);
    let running = Follower::over(&store, &source, SourceKind::Blocks, &[UNKNOWN]);
    running.reached(6).await;
    running.end().await;
    fund(&mut chain);
    source.block(7, chain.take_raw(7));
    for kind in [SourceKind::Signatures, SourceKind::Blocks] {
        let running = Follower::over(&store, &source, kind, &[UNKNOWN]);
        let stop = running.stopped().await;
        // A list may be whole the next time, a block is what it is.
        let again = kind == SourceKind::Signatures;
        assert_eq!((stop.code, stop.asks_again), ("lost_with_set_aside", again), "{}", stop.reason);
        let noted = async {
            while store.gaps().await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, noted).await.unwrap();
        running.end().await;
    }
    // The job was created and funded in slot 5: its third event is the one that is gone.
    let gaps = store.gaps().await.unwrap();
    let [gap] = &gaps[..] else { panic!("{gaps:?}") };
    assert_eq!((gap.subject.as_slice(), gap.first, gap.last), (&job(0)[..], 3, 3));
    let proof = prove::prove(&*store).await.unwrap();
    let named: Vec<_> = proof.named.iter().map(|hole| hole.code()).collect();
    assert_eq!(named, ["gap_noted", "transaction_set_aside"]);
    store.close().await;
}
