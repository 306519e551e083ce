//! `step` against sources that answer well, badly and not at all.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::testing::{block, hash};
use mira_chain::event::{EventId, RawEvent};
use mira_store::model::SlotState;

const CLUSTER: Hash = [7; 32];

fn at(slot: u64) -> State {
    State::new(CLUSTER, 0, Some(Tip { slot, blockhash: hash(slot) }))
}

fn fetching(tip: u64, slots: &[u64]) -> State {
    let mut state = at(tip);
    let last = *slots.last().unwrap();
    assert_eq!(step(&mut state, Input::Finalized(last)), [Effect::List { from: tip + 1, to: last }]);
    let fetch = step(&mut state, Input::Listed { to: last, slots: slots.to_vec() });
    assert_eq!(fetch, [Effect::Fetch(slots.to_vec())]);
    state
}

fn only_commit(effects: &[Effect]) -> &Batch {
    match effects {
        [Effect::Commit(batch)] => batch,
        other => panic!("expected one commit, got {other:?}"),
    }
}

#[test]
fn blocks_are_listed_fetched_and_committed_once() {
    let mut state = fetching(10, &[11, 14]);
    assert_eq!(step(&mut state, Input::Block(block(11, 10))), []);
    let effects = step(&mut state, Input::Block(block(14, 11)));
    let batch = only_commit(&effects);
    let slots: Vec<_> = batch.slots.iter().map(|slot| (slot.slot, slot.state)).collect();
    let (present, skipped) = (SlotState::Present, SlotState::ProvenSkipped);
    assert_eq!(slots, [(11, present), (12, skipped), (13, skipped), (14, present)]);
    assert_eq!(batch.end(), Some((14, hash(14))));
    assert_eq!(step(&mut state, Input::Finalized(14)), []);
    assert_eq!(step(&mut state, Input::Finalized(15)), [Effect::List { from: 15, to: 15 }]);
}

#[test]
fn a_slot_without_a_block_is_asked_about_again() {
    let mut state = at(10);
    assert_eq!(step(&mut state, Input::Finalized(12)), [Effect::List { from: 11, to: 12 }]);
    assert_eq!(step(&mut state, Input::Listed { to: 12, slots: vec![] }), []);
    assert_eq!(step(&mut state, Input::Finalized(13)), [Effect::List { from: 11, to: 13 }]);
}

#[test]
fn long_ranges_are_listed_in_parts_and_empty_parts_passed_over() {
    let mut state = at(0);
    assert_eq!(step(&mut state, Input::Finalized(2_500)), [Effect::List { from: 1, to: 1_000 }]);
    let listed = Input::Listed { to: 1_000, slots: vec![] };
    assert_eq!(step(&mut state, listed), [Effect::List { from: 1_001, to: 2_000 }]);
    assert_eq!(step(&mut state, Input::Listed { to: 2_000, slots: vec![1_500] }), [Effect::Fetch(vec![1_500])]);
    let effects = step(&mut state, Input::Block(block(1_500, 0)));
    assert!(matches!(&effects[0], Effect::Commit(batch) if batch.slots.len() == 1_500));
    assert_eq!(effects[1], Effect::List { from: 2_001, to: 2_500 });
}

#[test]
fn repeated_and_unasked_answers_change_nothing() {
    let mut state = fetching(10, &[11, 12]);
    step(&mut state, Input::Block(block(11, 10)));
    assert_eq!(step(&mut state, Input::Block(block(11, 10))), []);
    assert_eq!(step(&mut state, Input::Block(block(40, 12))), []);
    assert_eq!(step(&mut state, Input::Finalized(3)), []);
    only_commit(&step(&mut state, Input::Block(block(12, 11))));
}

#[test]
fn blocks_may_come_in_any_order() {
    let mut state = fetching(10, &[11, 12, 13]);
    assert_eq!(step(&mut state, Input::Block(block(13, 12))), []);
    assert_eq!(step(&mut state, Input::Block(block(12, 11))), []);
    let effects = step(&mut state, Input::Block(block(11, 10)));
    assert_eq!(only_commit(&effects).end(), Some((13, hash(13))));
}

#[test]
fn a_list_that_was_not_asked_for_changes_nothing() {
    let mut state = fetching(10, &[11, 12]);
    assert_eq!(step(&mut state, Input::Listed { to: 12, slots: vec![12] }), []);
    assert_eq!(step(&mut state, Input::Skipped { slot: 10 }), []);
    assert_eq!(step(&mut state, Input::Block(block(11, 10))), []);
    only_commit(&step(&mut state, Input::Block(block(12, 11))));
}

#[test]
fn a_block_left_out_of_the_list_stops_after_what_is_proven() {
    let mut state = fetching(10, &[11, 14]);
    step(&mut state, Input::Block(block(11, 10)));
    let effects = step(&mut state, Input::Block(block(14, 13)));
    assert!(matches!(&effects[0], Effect::Commit(batch) if batch.end() == Some((11, hash(11)))));
    assert_eq!(effects[1], Effect::Stop(Stop::UnprovedSkip { after: 11, slot: 14, parent: 13 }));
    assert_eq!(step(&mut state, Input::Finalized(99)), []);
}

#[test]
fn every_bad_answer_stops() {
    let cases = [
        (Input::Skipped { slot: 11 }, "contradiction"),
        (Input::Unavailable { slot: 11, reason: "pruned".to_owned() }, "unavailable_slot"),
        (Input::Undecodable { slot: 11, reason: "version 1".to_owned() }, "undecodable_block"),
        (Input::Block(block(11, 9)), "fork"),
    ];
    for (input, code) in cases {
        let effects = step(&mut fetching(10, &[11]), input);
        assert!(matches!(&effects[..], [Effect::Stop(stop)] if stop.code() == code), "{code}: {effects:?}");
    }
}

#[test]
fn an_unknown_event_stops_and_its_block_is_not_committed() {
    let mut state = fetching(10, &[11]);
    let mut unknown = block(11, 10);
    unknown.events.push(unknown_event(1));
    let effects = step(&mut state, Input::Block(unknown));
    assert!(matches!(&effects[..], [Effect::Stop(Stop::UnknownEvent { slot: 11, .. })]), "{effects:?}");
}

/// An event of slot 11 that no version knows.
fn unknown_event(signature: u8) -> RawEvent {
    RawEvent {
        id: EventId { signature: [signature; 64], ix: 0, inner_ix: 3 },
        slot: 11,
        block_time: None,
        discriminator: [0xee; 8],
        schema: 1,
        payload: vec![1],
    }
}

fn unreadable(signature: u8) -> UnreadableTransaction {
    let (reason, received) = ("parsed".to_owned(), vec![b'{', signature]);
    UnreadableTransaction { signature: [signature; 64], slot: 11, reason, received }
}

/// Only what is named, and cannot be read, is set aside; and of its transaction, everything.
#[test]
fn a_transaction_that_is_named_and_cannot_be_read_is_set_aside_whole() {
    let mut chain = crate::testing::Chain::furnished(CLUSTER);
    let mut events = chain.take_raw(11);
    let kept = events.len() - 1;
    let last = events.last_mut().unwrap();
    // A good event beside an unknown one, and a good one that is named without need.
    last.id.signature = [1; 64];
    let named_in_vain = events[0].id.signature;
    events.push(unknown_event(1));
    let block = SlotBlock { events, ..block(11, 10) };
    let aside = SetAside::from([[1; 64], [2; 64], named_in_vain]);
    let mut state = fetching(10, &[11]).setting_aside(aside);
    let input = Input::Unreadable { block: block.clone(), unreadable: vec![unreadable(2)] };
    let effects = step(&mut state, input);
    let batch = only_commit(&effects);
    assert_eq!((batch.events.len(), batch.ledger.len(), batch.slots.len()), (kept, kept, 1));
    assert!(batch.ledger.iter().all(|event| event.ord.signature != [1; 64]));
    let [of_events, of_source] = &batch.letters[..] else { panic!("{:?}", batch.letters) };
    assert_eq!((of_events.signature, of_events.slot), ([1; 64], 11));
    assert!(of_events.reason.contains("unknown event kind eeee"), "{}", of_events.reason);
    let stored: serde_json::Value = serde_json::from_slice(&of_events.bytes).unwrap();
    assert_eq!(stored.as_array().unwrap().len(), 2);
    assert_eq!(stored[1], serde_json::json!({ "ix": 0, "inner_ix": 3, "data": "eeeeeeeeeeeeeeee01" }));
    assert_eq!((of_source.signature, &of_source.bytes[..]), ([2; 64], &[b'{', 2][..]));

    // Either one that is not named stops, and nothing is committed.
    for named in [1, 2] {
        let mut state = fetching(10, &[11]).setting_aside(SetAside::from([[named; 64]]));
        let input = Input::Unreadable { block: block.clone(), unreadable: vec![unreadable(2)] };
        let effects = step(&mut state, input);
        let [Effect::Stop(stop)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(stop.code(), ["unreadable_transaction", "unknown_event"][usize::from(named) - 1]);
        assert!(stop.to_string().contains("--set-aside"), "{stop}");
    }
}

#[test]
fn a_network_of_another_cluster_stops() {
    let mut chain = crate::testing::Chain::new([8; 32]);
    chain.initialize();
    let mut foreign = block(11, 10);
    foreign.events = chain.take_raw(11);
    let effects = step(&mut fetching(10, &[11]), Input::Block(foreign));
    assert!(matches!(&effects[..], [Effect::Stop(Stop::WrongCluster { .. })]), "{effects:?}");
}

#[test]
fn events_and_forgeries_are_carried_along() {
    let mut chain = crate::testing::Chain::new(CLUSTER);
    chain.initialize();
    let mut first = block(11, 10);
    first.events = chain.take_raw(11);
    first.forged = 3;
    let mut state = fetching(10, &[11]);
    let effects = step(&mut state, Input::Block(first));
    let batch = only_commit(&effects);
    assert_eq!((batch.events.len(), batch.ledger.len(), batch.forged), (1, 1, 3));
    assert_eq!(batch.events[0].at, batch.ledger[0].ord);
}

#[test]
fn large_batches_are_cut() {
    let slots: Vec<u64> = (1..=600).collect();
    let mut state = fetching(0, &slots);
    let commits: Vec<usize> = slots
        .iter()
        .flat_map(|&slot| step(&mut state, Input::Block(block(slot, slot - 1))))
        .map(|effect| match effect {
            Effect::Commit(batch) => batch.slots.len(),
            other => panic!("unexpected {other:?}"),
        })
        .collect();
    assert_eq!(commits, [256, 256, 88]);
}

/// Two lists in a row have left out all that they had to name: the third block can only say that something is
/// missing before it, and names the block it builds on, not the first.
#[test]
fn the_first_block_that_is_read_names_its_parent_however_many_were_left_out() {
    let mut state = State::new(CLUSTER, 5, None);
    assert_eq!(step(&mut state, Input::Finalized(5)), [Effect::List { from: 5, to: 5 }]);
    assert_eq!(step(&mut state, Input::Finalized(8)), []);
    assert_eq!(step(&mut state, Input::Listed { to: 5, slots: vec![] }), [Effect::List { from: 6, to: 8 }]);
    assert_eq!(step(&mut state, Input::Finalized(9)), []);
    assert_eq!(step(&mut state, Input::Listed { to: 8, slots: vec![] }), [Effect::List { from: 9, to: 9 }]);
    assert_eq!(step(&mut state, Input::Listed { to: 9, slots: vec![9] }), [Effect::Fetch(vec![9])]);
    let stop = Stop::NoStart { start: 5, slot: 9, parent: 8 };
    assert_eq!(step(&mut state, Input::Block(block(9, 8))), [Effect::Stop(stop)]);
}
