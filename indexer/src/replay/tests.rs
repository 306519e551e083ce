//! A rebuild whose rows do not fit into memory.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::convert::ledger_row;
use crate::shell::STREAM;
use crate::testing::Crowd;
use mira_store::model::{Claim, SlotCommit, state_hash};

const SLOTS: u64 = 90;

async fn recorded(store: &dyn Store) {
    let mut crowd = Crowd::new([7; 32]);
    let mut state = 5_u64;
    let mut roll = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let mut events = Vec::new();
    for slot in 1..=SLOTS {
        (0..200).for_each(|_| crowd.play(&mut roll));
        events.extend(crowd.take_raw(slot).into_iter().map(ledger_row));
    }
    let claim = Claim { stream: STREAM.to_owned(), fence: store.claim(STREAM).await.unwrap().fence, at: None };
    let (slots, writes, dead_letters, blockhash) = (Vec::new(), Vec::new(), Vec::new(), [1; 32]);
    let commit = SlotCommit { claim, slots, events, writes, dead_letters, slot: SLOTS, blockhash };
    store.commit_slot(commit).await.unwrap();
}

/// Several pages, rows that leave memory after each and come back, against a fold that keeps them all.
#[tokio::test]
async fn rows_that_leave_memory_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("mira.sqlite").display());
    let store = mira_store::open(&url).await.unwrap();
    recorded(&*store).await;
    let mut whole = Replay::new(&*store, Target::Memory);
    whole.advance(SLOTS).await.unwrap();
    let expected = state_hash(whole.rows());
    for keep in [0, 1_500, KEEP_ROWS] {
        store.clear_shadow().await.unwrap();
        let mut replay = Replay::new(&*store, Target::Shadow { keep });
        replay.advance(SLOTS / 2).await.unwrap();
        replay.advance(SLOTS).await.unwrap();
        assert_eq!(replay.events(), whole.events());
        let digest = store.state_digest(Set::Shadow, STREAM).await.unwrap();
        assert_eq!((digest.hash, keep), (expected, keep));
    }
}
