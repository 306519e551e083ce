//! `step` against sources that list well, badly and not at all.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::testing::Chain;
use mira_chain::event::RawEvent;

const CLUSTER: Hash = [7; 32];

fn line(number: u8, slot: u64) -> ListedTransaction {
    ListedTransaction { signature: [number; 64], slot, failed: false }
}

fn empty(ListedTransaction { signature, slot, .. }: ListedTransaction) -> ProgramTransaction {
    ProgramTransaction { signature, slot, block_time: Some(1), forged: 0, events: Vec::new() }
}

/// After slot 10, with a history.
fn indexed() -> State {
    State::new(CLUSTER, 0, Some(10), true)
}

const KNOWN: ListedTransaction = ListedTransaction { signature: [0xff; 64], slot: 10, failed: false };

/// A round at slot 20 in which these, newest first, are new.
fn fetching(listed: &[ListedTransaction]) -> State {
    let mut state = indexed();
    assert_eq!(step(&mut state, Input::Finalized(20)), [Effect::List { at: 20, before: None, limit: 25 }]);
    let page = listed.iter().copied().chain([KNOWN]).collect();
    let fetch: Vec<_> = listed.iter().copied().rev().collect();
    assert_eq!(step(&mut state, Input::Listed(page)), [Effect::Fetch(fetch)]);
    state
}

fn ends(effects: &[Effect]) -> Vec<u64> {
    let end = |effect: &Effect| match effect {
        Effect::Commit(batch) => batch.end().map(|(slot, _)| slot),
        _ => None,
    };
    effects.iter().filter_map(end).collect()
}

#[test]
fn a_round_is_listed_fetched_and_committed_up_to_the_finalized_slot() {
    let (older, newer) = (line(1, 12), line(2, 15));
    let mut state = fetching(&[newer, older]);
    assert_eq!(step(&mut state, Input::Transaction(empty(older))), []);
    let effects = step(&mut state, Input::Transaction(empty(newer)));
    assert_eq!(ends(&effects), [20]);
    assert_eq!(effects[1], Effect::Count);
    assert_eq!(step(&mut state, Input::Finalized(20)), []);
    assert_eq!(step(&mut state, Input::Finalized(21)), [Effect::List { at: 21, before: None, limit: 25 }]);
}

#[test]
fn a_quiet_round_moves_the_cursor_too() {
    let mut state = indexed();
    step(&mut state, Input::Finalized(20));
    assert_eq!(ends(&step(&mut state, Input::Listed(vec![KNOWN]))), [20]);
}

#[test]
fn what_failed_is_not_fetched_and_what_is_not_final_waits() {
    let mut state = indexed();
    step(&mut state, Input::Finalized(20));
    let failed = ListedTransaction { failed: true, ..line(3, 18) };
    let page = vec![line(5, 22), line(4, 21), failed, line(2, 15), KNOWN];
    assert_eq!(step(&mut state, Input::Listed(page)), [Effect::Fetch(vec![line(2, 15)])]);
}

#[test]
fn repeated_and_unasked_answers_change_nothing() {
    let mut state = fetching(&[line(2, 15), line(1, 12)]);
    assert_eq!(step(&mut state, Input::Listed(vec![line(9, 19)])), []);
    assert_eq!(step(&mut state, Input::Finalized(30)), []);
    assert_eq!(step(&mut state, Input::Transaction(empty(line(2, 15)))), []);
    assert_eq!(step(&mut state, Input::Transaction(empty(line(1, 12)))), []);
    assert_eq!(step(&mut state, Input::Transaction(empty(line(1, 12)))), []);
    assert_eq!(ends(&step(&mut state, Input::Transaction(empty(line(2, 15))))), [20]);
}

#[test]
fn every_bad_answer_stops_after_the_slots_that_are_complete() {
    let cases = [
        (Input::Unavailable { slot: 15, reason: "null".to_owned() }, "unavailable_slot"),
        (Input::Undecodable { slot: 15, reason: "version 1".to_owned() }, "undecodable_block"),
        (Input::Transaction(ProgramTransaction { slot: 16, ..empty(line(3, 15)) }), "unavailable_slot"),
    ];
    for (input, code) in cases {
        // Slot 15 is half read.
        let mut state = fetching(&[line(3, 15), line(2, 15), line(1, 12)]);
        step(&mut state, Input::Transaction(empty(line(1, 12))));
        step(&mut state, Input::Transaction(empty(line(2, 15))));
        let effects = step(&mut state, input);
        assert_eq!(ends(&effects), [12], "{code}");
        assert!(matches!(&effects[1..], [Effect::Stop(stop)] if stop.code() == code), "{code}: {effects:?}");
        assert_eq!(step(&mut state, Input::Finalized(99)), []);
    }
}

#[test]
fn a_slots_events_are_committed_together() {
    let mut chain = Chain::furnished(CLUSTER);
    let raw = chain.take_raw(12);
    let all = raw.len();
    let transaction =
        |event: RawEvent| ProgramTransaction { forged: 1, events: vec![event.clone()], ..empty(listed(&event)) };
    let newest_first: Vec<_> = raw.iter().rev().map(listed).collect();
    let mut state = fetching(&newest_first);
    let effects: Vec<_> =
        raw.into_iter().flat_map(|event| step(&mut state, Input::Transaction(transaction(event)))).collect();
    let [Effect::Commit(batch), Effect::Count] = effects.as_slice() else { panic!("one commit: {effects:?}") };
    assert_eq!((batch.events.len(), batch.ledger.len(), batch.slots.len()), (all, all, 0));
    assert_eq!(batch.forged, u64::try_from(all).unwrap());
}

fn listed(event: &RawEvent) -> ListedTransaction {
    ListedTransaction { signature: event.id.signature, slot: event.slot, failed: false }
}

#[test]
fn a_network_of_another_cluster_stops() {
    let mut chain = Chain::new([8; 32]);
    chain.initialize();
    let event = chain.take_raw(12).remove(0);
    let mut state = fetching(&[listed(&event)]);
    let found = ProgramTransaction { events: vec![event.clone()], ..empty(listed(&event)) };
    let effects = step(&mut state, Input::Transaction(found));
    assert!(matches!(&effects[..], [Effect::Stop(Stop::WrongCluster { .. })]), "{effects:?}");
}

#[test]
fn a_row_that_is_missing_stops() {
    let mut state = indexed();
    assert_eq!(step(&mut state, Input::Missing(Vec::new())), []);
    let key = ProjectionKey::Job { job: [1; 32] };
    assert_eq!(step(&mut state, Input::Missing(vec![key])), [Effect::Stop(Stop::NeverSeen { key })]);
}

#[test]
fn a_transaction_that_is_named_is_set_aside_in_its_turn() {
    let found = |number| UnreadableTransaction {
        signature: [number; 64],
        slot: 12,
        reason: "parsed".to_owned(),
        received: vec![number],
    };
    let listed = [line(2, 15), line(1, 12)];
    let mut state = fetching(&listed).setting_aside(SetAside::from([[1; 64]]));
    // Not its turn: nothing.
    assert_eq!(step(&mut state, Input::Unreadable(found(9))), []);
    assert_eq!(step(&mut state, Input::Unreadable(found(1))), []);
    let effects = step(&mut state, Input::Transaction(empty(line(2, 15))));
    let Effect::Commit(batch) = &effects[0] else { panic!("{effects:?}") };
    let [letter] = &batch.letters[..] else { panic!("{:?}", batch.letters) };
    assert_eq!((letter.signature, letter.slot, &letter.bytes[..]), ([1; 64], 12, &[1][..]));

    let effects = step(&mut fetching(&listed), Input::Unreadable(found(1)));
    assert!(matches!(&effects[..], [Effect::Stop(stop)] if stop.code() == "unreadable_transaction"), "{effects:?}");
    let elsewhere = UnreadableTransaction { slot: 13, ..found(1) };
    let effects = step(&mut fetching(&listed), Input::Unreadable(elsewhere));
    assert!(matches!(&effects[..], [Effect::Stop(stop)] if stop.code() == "unavailable_slot"), "{effects:?}");
}
