//! Forks, finality and what does not fit.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::testing::Chain;
use mira_core::Hash;
use mira_store::model::state_hash;

const CLUSTER: Hash = [7; 32];

/// A block's hash: its slot and its fork's letter.
fn tip(slot: u64, fork: u8) -> Tip {
    let mut blockhash = [fork; 32];
    blockhash[..8].copy_from_slice(&slot.to_le_bytes());
    Tip { slot, blockhash }
}

const A: u8 = b'a';
const B: u8 = b'b';

fn block(of: Tip, parent: Tip) -> SlotBlock {
    SlotBlock {
        slot: of.slot,
        parent_slot: parent.slot,
        blockhash: of.blockhash,
        parent_blockhash: parent.blockhash,
        block_time: Some(1),
        transactions: 1,
        forged: 0,
        events: Vec::new(),
    }
}

/// An overlay on slot 10 with a chain of fork `a` above it.
fn on(slots: &[u64]) -> Overlay {
    let mut overlay = Overlay::new(tip(10, A));
    overlay.listed(slots);
    let mut parent = tip(10, A);
    for &slot in slots {
        overlay.confirm(&block(tip(slot, A), parent)).unwrap();
        parent = tip(slot, A);
    }
    overlay
}

#[test]
fn blocks_link_to_the_base_whatever_their_order() {
    let mut overlay = Overlay::new(tip(10, A));
    assert!(overlay.listed(&[11, 13]).is_none());
    assert_eq!(overlay.wanted(), [11, 13]);
    assert!(overlay.confirm(&block(tip(13, A), tip(11, A))).unwrap().is_none());
    assert_eq!((overlay.fork(), overlay.wanted()), (vec![], vec![11]));
    let change = overlay.confirm(&block(tip(11, A), tip(10, A))).unwrap();
    assert_eq!(change.added, [tip(11, A), tip(13, A)]);
    assert!(overlay.confirm(&block(tip(11, A), tip(10, A))).unwrap().is_none(), "once more changes nothing");
    assert!(overlay.wanted().is_empty());
}

#[test]
fn a_fork_that_is_no_longer_listed_is_discarded() {
    let mut overlay = on(&[11, 12, 13, 14]);
    let change = overlay.listed(&[11, 13]);
    assert_eq!(change.discarded, [tip(12, A), tip(13, A), tip(14, A)]);
    // The slot is the same, the block is not: its child says so.
    let mut overlay = on(&[11, 12]);
    overlay.listed(&[11, 12, 13]);
    assert_eq!(overlay.wanted(), [12, 13]);
    overlay.confirm(&block(tip(13, B), tip(12, B))).unwrap();
    assert_eq!((overlay.fork(), overlay.wanted()), (vec![tip(11, A), tip(12, A)], vec![12]));
    let change = overlay.confirm(&block(tip(12, B), tip(11, A))).unwrap();
    assert_eq!((change.added, change.discarded), (vec![tip(12, B), tip(13, B)], vec![tip(12, A)]));
}

#[test]
fn the_highest_block_is_asked_for_again_with_each_list() {
    let mut overlay = on(&[11, 12]);
    assert!(overlay.wanted().is_empty());
    overlay.listed(&[11, 12]);
    assert_eq!(overlay.wanted(), [12]);
    let change = overlay.confirm(&block(tip(12, B), tip(11, A))).unwrap();
    assert_eq!((change.added, change.discarded), (vec![tip(12, B)], vec![tip(12, A)]));
    assert!(overlay.wanted().is_empty());
}

#[test]
fn finality_empties_what_it_passes() {
    let mut overlay = on(&[11, 12, 14]);
    let change = overlay.finalize(tip(12, A));
    assert_eq!(change, Change { rebased: true, ..Change::default() });
    assert_eq!(overlay.fork(), [tip(14, A)]);
    assert!(overlay.finalize(tip(12, A)).is_none());
    overlay.finalize(tip(14, A));
    assert!(overlay.is_empty());
}

#[test]
fn finality_on_another_fork_discards_this_one() {
    let mut overlay = on(&[11, 12, 13]);
    let change = overlay.finalize(tip(12, B));
    assert_eq!(change.discarded, [tip(11, A), tip(12, A), tip(13, A)]);
    assert!(overlay.is_empty(), "nothing that builds on what was passed over is kept");
    assert!(overlay.confirm(&block(tip(13, A), tip(12, A))).unwrap().is_none());
    assert!(overlay.is_empty());
}

#[test]
fn the_window_bounds_what_is_held() {
    let far = 10 + WINDOW_SLOTS;
    let mut overlay = on(&[11]);
    overlay.listed(&[10, 11, far, far + 1]);
    assert_eq!(overlay.wanted(), [11, far]);
    overlay.confirm(&block(tip(far + 1, A), tip(11, A))).unwrap();
    overlay.confirm(&block(tip(9, A), tip(8, A))).unwrap();
    overlay.confirm(&block(tip(12, A), tip(12, B))).unwrap();
    assert_eq!(overlay.fork(), [tip(11, A)]);
}

#[test]
fn rows_are_the_fold_of_the_fork_over_the_finalized_rows() {
    let mut chain = Chain::furnished(CLUSTER);
    let mut finalized = Rows::default();
    fold(&mut finalized, &chain.take(10)).unwrap();
    finalized.take_changed();
    let mut other = chain.clone();
    chain.open(1, 500).unwrap();
    other.open(1, 700).unwrap();

    let mut overlay = Overlay::new(tip(10, A));
    let events = chain.take_raw(11);
    overlay.confirm(&SlotBlock { events, ..block(tip(11, A), tip(10, A)) }).unwrap();
    let first = overlay.fold(finalized.clone()).unwrap();
    let events = other.take_raw(11);
    overlay.confirm(&SlotBlock { events, ..block(tip(11, B), tip(10, A)) }).unwrap();
    let second = overlay.fold(finalized.clone()).unwrap();
    assert_eq!((first.len(), second.len()), (3, 3), "lease, job and provider");
    assert_ne!(state_hash(&first), state_hash(&second));
    overlay.finalize(tip(11, B));
    assert!(overlay.fold(finalized).unwrap().is_empty());
}

#[test]
fn what_does_not_fit_empties_the_overlay_and_nothing_else() {
    let mut chain = Chain::furnished(CLUSTER);
    let mut events = chain.take_raw(11);
    let mut overlay = Overlay::new(tip(10, A));
    overlay.confirm(&SlotBlock { events: events.split_off(3), ..block(tip(11, A), tip(10, A)) }).unwrap();
    let dropped = overlay.fold(Rows::default()).unwrap_err();
    assert!(matches!(dropped, Dropped::Fold(_)), "{dropped}");
    assert!(overlay.is_empty() && overlay.wanted().is_empty());

    let mut overlay = on(&[11]);
    events[0].discriminator = [0xee; 8];
    let dropped = overlay.confirm(&SlotBlock { events, ..block(tip(12, A), tip(11, A)) }).unwrap_err();
    assert!(matches!(dropped, Dropped::UnknownEvent { slot: 12, .. }), "{dropped}");
    assert!(overlay.is_empty());
}
