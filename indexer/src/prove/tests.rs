//! An honest ledger is whole; one row taken out, doubled or changed is found and named.

use super::*;
use crate::convert::ledger_row;
use crate::testing::{Chain, moves};
use mira_chain::event::Aggregate;
use proptest::prelude::*;

const CLUSTER: [u8; 32] = [7; 32];
const FIRST: u64 = 100;

/// A recorded ledger.
#[derive(Clone)]
struct Recorded {
    slots: Vec<ChainSlot>,
    events: Vec<RawEvent>,
    cursor: Option<(u64, Hash)>,
}

fn hash(slot: u64) -> Hash {
    let mut hash = [9; 32];
    hash[..8].copy_from_slice(&slot.to_be_bytes());
    hash
}

fn skipped(slot: u64) -> ChainSlot {
    ChainSlot {
        slot,
        state: SlotState::ProvenSkipped,
        parent_slot: 0,
        blockhash: [0; 32],
        parent_blockhash: [0; 32],
        block_time: None,
    }
}

impl Recorded {
    /// Starts with two skipped slots.
    fn new() -> Self {
        Self { slots: vec![skipped(FIRST), skipped(FIRST + 1)], events: Vec::new(), cursor: None }
    }

    /// The slot after the last, and so many skipped ones before it.
    fn next(&mut self, skip: u64) -> u64 {
        let last = self.slots.last().unwrap().slot;
        self.slots.extend((last + 1..=last + skip).map(skipped));
        last + skip + 1
    }

    fn block(&mut self, slot: u64, mut events: Vec<RawEvent>) {
        let (parent_slot, parent_blockhash) = self.cursor.unwrap_or((FIRST - 3, [8; 32]));
        let (state, blockhash) = (SlotState::Present, hash(slot));
        self.slots.push(ChainSlot { slot, state, parent_slot, blockhash, parent_blockhash, block_time: None });
        events.sort_by_key(|event| event.ord);
        self.events.extend(events);
        self.cursor = Some((slot, blockhash));
    }

    fn proved(&self) -> Report {
        self.proved_from(None)
    }

    fn proved_from(&self, horizon: Option<Horizon>) -> Report {
        let mut proof = Proof::new(self.cursor).beginning_at(horizon);
        let mut from = 0;
        // Small pages, so that slots and events are cut anywhere.
        for page in self.slots.chunks(3) {
            proof.slots(page);
            let to = self.events.partition_point(|event| event.ord.slot <= page.last().unwrap().slot);
            self.events[from..to.max(from)].chunks(2).for_each(|events| proof.events(events));
            from = to.max(from);
        }
        proof.events(&self.events[from..]);
        proof.finish()
    }

    /// Not whole; the first hole.
    fn hole(&self) -> Hole {
        let report = self.proved();
        assert_eq!(report.is_whole(), report.named.is_empty());
        report.named.into_iter().next().expect("a hole")
    }
}

/// The whole story, some events a slot.
fn story() -> Recorded {
    let mut events = Chain::whole_story(CLUSTER).take_raw(0).into_iter().map(ledger_row);
    let mut recorded = Recorded::new();
    for size in (1..=5_u64).cycle() {
        let slot = recorded.next(size % 3);
        let mut events: Vec<RawEvent> = events.by_ref().take(usize::try_from(size).unwrap()).collect();
        if events.is_empty() {
            recorded.block(slot, events);
            return recorded;
        }
        events.iter_mut().for_each(|event| event.ord.slot = slot);
        recorded.block(slot, events);
    }
    recorded
}

fn aggregates(event: &RawEvent) -> Vec<Aggregate> {
    Event::decode(&event.discriminator, &event.payload).unwrap().aggregates()
}

#[test]
fn an_honest_ledger_is_whole() {
    let story = story();
    let report = story.proved();
    assert_eq!(report.named, []);
    assert!(report.is_whole());
    assert_eq!((report.first, report.cursor), (Some(FIRST), story.cursor.map(|(slot, _)| slot)));
    assert_eq!(report.events, story.events.len() as u64);
    assert!(report.skipped > 2 && report.aggregates > 20, "{report:?}");
    assert_eq!(Proof::new(None).finish(), Report { linked: true, ..Report::default() }, "nothing is whole");
}

/// The ledger without the slots below its block at `slot`, and that horizon.
fn compacted(whole: &Recorded, slot: u64) -> (Recorded, Horizon) {
    let gone: Vec<_> = whole.slots.iter().filter(|row| row.slot < slot).collect();
    let skipped = gone.iter().filter(|row| row.state == SlotState::ProvenSkipped).count() as u64;
    let (slots, blockhash) = (gone.len() as u64, hash(slot));
    let horizon = Horizon { stream: STREAM.to_owned(), first: FIRST, slot, blockhash, slots, skipped, at_ms: 1 };
    let slots = whole.slots.iter().filter(|row| row.slot >= slot).cloned().collect();
    (Recorded { slots, ..whole.clone() }, horizon)
}

#[test]
fn a_compacted_ledger_is_whole_from_its_horizon_on() {
    let story = story();
    let whole = story.proved();
    for block in story.slots.iter().filter(|row| row.state == SlotState::Present) {
        let (rest, horizon) = compacted(&story, block.slot);
        let report = rest.proved_from(Some(horizon.clone()));
        assert_eq!(report.named, [], "from {}", block.slot);
        assert_eq!((report.first, report.events), (Some(block.slot), whole.events));
        assert_eq!(report.aggregates, whole.aggregates);
        assert_eq!(report.slots + horizon.slots, whole.slots);
        assert_eq!((report.skipped + horizon.skipped, report.compacted), (whole.skipped, Some(horizon)));
    }
}

#[test]
fn what_is_lost_beside_a_horizon_is_found() {
    let story = story();
    let blocks: Vec<u64> = story.events.iter().map(|event| event.ord.slot).collect();
    let (middle, last) = (blocks[blocks.len() / 2], *blocks.last().unwrap());
    let (rest, horizon) = compacted(&story, middle);
    let first = |recorded: &Recorded, horizon: &Horizon| {
        recorded.proved_from(Some(horizon.clone())).named.first().map(Hole::code)
    };
    assert_eq!(first(&rest, &horizon), None);
    assert_eq!(rest.hole().code(), "event_without_block", "no horizon accounts for what is gone");
    assert_eq!(first(&compacted(&story, last).0, &horizon), Some("horizon_differs"), "more is gone");
    assert_eq!(first(&story, &horizon), Some("horizon_differs"), "what was compacted is there");
    let other = Horizon { blockhash: [1; 32], ..horizon.clone() };
    assert_eq!(first(&rest, &other), Some("horizon_differs"));
    let later = Horizon { first: FIRST + 10, ..horizon.clone() };
    assert_eq!(first(&rest, &later), Some("event_without_block"), "events of slots that were never recorded");
    let mut torn = rest.clone();
    torn.events.remove(0);
    assert_eq!(first(&torn, &horizon), Some("events_missing"), "events below the horizon are still counted");
}

#[test]
fn without_blocks_the_numbers_are_the_proof() {
    let story = story();
    let cursor = story.cursor.map(|(slot, _)| (slot, NO_BLOCKHASH));
    let mut single = Recorded { slots: Vec::new(), cursor, ..story };
    let report = single.proved();
    assert!(report.is_whole() && !report.linked, "{:?}", report.named);
    let Aggregate { kind, key, .. } = aggregates(&single.events.remove(0))[0];
    let slot = single.events.iter().find(|event| aggregates(event).iter().any(|other| other.key == key));
    let slot = slot.unwrap().ord.slot;
    assert_eq!(single.hole(), Hole::Events { kind, key, first: 1, last: 1, slot });
}

#[test]
fn any_event_taken_out_is_missed_unless_it_was_its_aggregates_last() {
    let story = story();
    let mut missed = 0;
    for index in 0..story.events.len() {
        let mut torn = story.clone();
        let gone = torn.events.remove(index);
        let later = |aggregate: &Aggregate| {
            let same = |other: &Aggregate| other.kind == aggregate.kind && other.key == aggregate.key;
            torn.events
                .iter()
                .any(|event| aggregates(event).iter().any(|other| same(other) && other.seq > aggregate.seq))
        };
        let expected: Vec<_> = aggregates(&gone).into_iter().filter(later).collect();
        let report = torn.proved();
        assert_eq!(report.holes, expected.len() as u64, "{:?}", report.named);
        for Aggregate { kind, key, seq } in expected {
            let names = |hole: &Hole| {
                matches!(hole, Hole::Events { kind: k, key: of, first, last, .. }
                if (*k, *of, *first, *last) == (kind, key, seq, seq))
            };
            assert!(report.named.iter().any(names), "{:?}", report.named);
            missed += 1;
        }
    }
    assert!(missed > story.events.len() / 2, "{missed}");
}

#[test]
fn an_event_twice_is_noticed() {
    let mut story = story();
    let mut again = story.events[4].clone();
    let Aggregate { kind, key, seq } = aggregates(&again)[0];
    (again.ord.slot, again.ord.signature) = (story.cursor.unwrap().0, [255; 64]);
    story.events.push(again.clone());
    assert_eq!(story.hole(), Hole::Repeated { kind, key, seq, slot: again.ord.slot });
}

#[test]
fn a_slot_without_a_row_is_missed() {
    for index in 1..story().slots.len() {
        let mut story = story();
        let gone = story.slots.remove(index);
        story.events.retain(|event| event.ord.slot != gone.slot);
        let last = index == story.slots.len();
        let hole = story.proved().named.into_iter().find(|hole| matches!(hole, Hole::Slots { .. }));
        assert_eq!(hole, Some(Hole::Slots { first: gone.slot, last: gone.slot }), "last: {last}");
    }
}

#[test]
fn a_block_called_skipped_is_noticed() {
    let mut story = story();
    let index = story.slots.iter().position(|row| row.state == SlotState::Present).unwrap();
    let by = story.slots[index + 1..].iter().find(|row| row.state == SlotState::Present).unwrap().slot;
    let slot = story.slots[index].slot;
    story.slots[index] = skipped(slot);
    let report = story.proved();
    assert!(report.named.contains(&Hole::NotSkipped { slot, by }), "{:?}", report.named);
    let homeless = report.named.iter().filter(|hole| matches!(hole, Hole::NoBlock { at } if at.slot == slot));
    assert_eq!(homeless.count(), 1, "its event has no block");
}

#[test]
fn skipped_slots_after_the_last_block_are_not_proven() {
    let mut story = story();
    let first = story.next(2) - 2;
    story.cursor = Some((first + 1, story.cursor.unwrap().1));
    assert_eq!(story.hole(), Hole::Unproved { first, last: first + 1 });
}

#[test]
fn a_block_on_another_one_is_noticed() {
    let mut story = story();
    let row = story.slots.iter_mut().rfind(|row| row.state == SlotState::Present).unwrap();
    row.parent_blockhash = [1; 32];
    let slot = row.slot;
    assert!(matches!(story.hole(), Hole::Unlinked { slot: at, .. } if at == slot));
    let row = story.slots.iter_mut().rfind(|row| row.state == SlotState::Present).unwrap();
    row.parent_slot = FIRST - 50;
    assert!(matches!(story.hole(), Hole::Unlinked { parent, .. } if parent == FIRST - 50));
}

#[test]
fn a_cursor_elsewhere_is_noticed() {
    let story = story();
    let (slot, hash) = story.cursor.unwrap();
    let other = Recorded { cursor: Some((slot, [1; 32])), ..story.clone() };
    assert!(matches!(other.hole(), Hole::Cursor { .. }));
    let further = Recorded { cursor: Some((slot + 7, hash)), ..story.clone() };
    assert_eq!(further.hole(), Hole::Slots { first: slot + 1, last: slot + 7 });
    let none = Recorded { cursor: None, ..story.clone() };
    assert_eq!(none.hole(), Hole::NoCursor { first: FIRST });
    let nothing = Recorded { slots: Vec::new(), events: Vec::new(), ..story };
    assert_eq!(nothing.hole(), Hole::Slots { first: slot, last: slot });
}

#[test]
fn an_event_that_cannot_be_read_is_named() {
    let mut story = story();
    story.events.last_mut().unwrap().payload.push(0);
    let at = story.events.last().unwrap().ord;
    assert!(matches!(story.hole(), Hole::Unreadable { at: found, .. } if found == at));
}

#[test]
fn what_was_noted_is_a_hole_and_the_rest_is_counted() {
    let gap = Gap { subject: b"slots".to_vec(), first: 3, last: 5, reason: "pruned".into(), found_ms: 1 };
    let letter = DeadLetter { signature: [1; 64], slot: 9, reason: "odd".into(), bytes: Vec::new(), recorded_ms: 1 };
    let mut proof = Proof::new(None);
    let letters: Vec<_> = std::iter::repeat_n(letter, 40).collect();
    proof.notes(&[gap], &letters);
    let report = proof.finish();
    assert_eq!((report.holes, report.named.len()), (41, 20));
    assert_eq!(report.named[0].to_string(), "3 to 5 were noted as missing: pruned");
    let name = solana_sdk::signature::Signature::from([1; 64]);
    assert_eq!(report.named[1].to_string(), format!("transaction {name} of slot 9 was set aside: odd"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    /// Whatever the network does, its ledger is whole.
    #[test]
    fn any_story_is_whole(turns in moves(300), skip in 0_u64..4) {
        let mut chain = Chain::furnished(CLUSTER);
        let mut recorded = Recorded::new();
        for some in turns.chunks(7) {
            some.iter().for_each(|turn| chain.play(*turn));
            let slot = recorded.next(skip);
            let events = chain.take_raw(slot).into_iter().map(ledger_row).collect();
            recorded.block(slot, events);
        }
        let report = recorded.proved();
        prop_assert!(report.is_whole(), "{:?}", report.named);
    }
}
