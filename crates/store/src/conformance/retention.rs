//! Compacting the recorded slots.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::{ChainSlot, Claim, Horizon, SlotCommit, SlotState};

/// Slots 10 to 29 behind a cursor at 29, every fourth without a block; slot `n` is of time `n`, but 25 has none.
async fn recorded(bench: &Bench) -> Claim {
    let cursor = bench.store.claim("test").await.unwrap();
    let claim = Claim { stream: cursor.stream, fence: cursor.fence, at: None };
    let slot = |slot: u64| {
        let skipped = slot.is_multiple_of(4);
        let state = if skipped { SlotState::ProvenSkipped } else { SlotState::Present };
        let block_time = (!skipped && slot != 25).then_some(i64::try_from(slot).unwrap());
        ChainSlot { state, block_time, ..sample::chain_slot(slot) }
    };
    let slots = (10..30).map(slot).collect();
    bench.store.commit_slot(SlotCommit { slots, ..commit(&claim, 29, Vec::new()) }).await.unwrap();
    Claim { at: Some(29), ..claim }
}

pub async fn slots_are_compacted_to_a_horizon(bench: &Bench) {
    let store = &bench.store;
    let claim = recorded(bench).await;
    let block = async |slot, time| store.block_before(slot, time).await.unwrap().map(|row| row.slot);
    assert_eq!(block(21, None).await, Some(21));
    assert_eq!(block(20, None).await, Some(19), "20 has no block");
    assert_eq!(block(25, None).await, Some(23), "25 has no time, 24 no block");
    assert_eq!(block(25, Some(18)).await, Some(18));
    assert_eq!(block(9, None).await, None);
    assert_eq!(block(29, Some(9)).await, None);

    assert_eq!(store.horizon("test").await.unwrap(), None);
    assert_eq!(store.compact_slots("test", 10, 1).await.unwrap(), 0, "nothing lies below");
    assert_eq!(store.horizon("test").await.unwrap(), None);
    assert_eq!(store.compact_slots("test", 18, 2).await.unwrap(), 8);
    let horizon =
        Horizon { stream: "test".into(), first: 10, slot: 18, blockhash: [2; 32], slots: 8, skipped: 2, at_ms: 2 };
    assert_eq!(store.horizon("test").await.unwrap().as_ref(), Some(&horizon));
    assert_eq!(store.chain_slot(17).await.unwrap(), None);
    assert_eq!(store.chain_slots(None, 1).await.unwrap()[0].slot, 18);
    assert_eq!(store.compact_slots("test", 22, 3).await.unwrap(), 4);
    let next = Horizon { slot: 22, slots: 12, skipped: 3, at_ms: 3, ..horizon };
    assert_eq!(store.horizon("test").await.unwrap(), Some(next));
    assert_eq!(store.horizon("other").await.unwrap(), None);
    // The writer's claim is as good as before.
    store.commit_slot(commit(&claim, 30, Vec::new())).await.unwrap();
}

pub async fn what_is_no_horizon_is_refused(bench: &Bench) {
    recorded(bench).await;
    for (stream, slot) in [("test", 20), ("test", 30), ("test", 5), ("other", 18)] {
        let error = bench.store.compact_slots(stream, slot, 1).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{stream} {slot}: {error}");
    }
    assert_eq!(bench.store.chain_slots(None, 100).await.unwrap().len(), 20);
}
