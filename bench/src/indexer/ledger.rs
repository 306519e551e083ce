//! The ledger that is folded: what a busy network of the model says, the same for every run of a seed.

use super::database::Database;
use crate::clock::Stopwatch;
use mira_chain::event::{DecodeError, Event};
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};
use mira_indexer::STREAM;
use mira_indexer::apply::{PlacedEvent, Rows, fold};
use mira_indexer::testing::Crowd;
use mira_store::model::{ChainSlot, Claim, Ordinal, RawEvent, SlotCommit, SlotState};
use mira_testkit::solvency::dice::Dice;
use std::collections::VecDeque;
use std::time::Duration;

/// Events of one commit at least, as the indexer's own batches when it catches up.
const BATCH: usize = 2_000;
/// Events of one slot: a busy cluster's.
pub const PER_SLOT: usize = 32;

const CLUSTER: Hash = [7; 32];

/// Consecutive slots and their events, in the ledger's order.
pub struct Batch {
    first: u64,
    last: u64,
    /// The events.
    pub events: Vec<RawEvent>,
}

/// The batches of a ledger.
pub struct Feed {
    crowd: Crowd,
    dice: Dice,
    /// What has happened and is in no slot yet, in the order in which it did.
    happened: VecDeque<RawEvent>,
    slot: u64,
    per_slot: usize,
    left: usize,
}

impl Feed {
    /// The first `events` events of a seed's ledger, with so many in a slot.
    pub fn new(seed: u64, events: u64, per_slot: usize) -> Self {
        let left = usize::try_from(events).unwrap_or(usize::MAX);
        Self { crowd: Crowd::new(CLUSTER), dice: Dice::new(seed), happened: VecDeque::new(), slot: 0, per_slot, left }
    }

    fn next_slot(&mut self) -> Vec<RawEvent> {
        let size = self.per_slot.min(self.left);
        while self.happened.len() < size {
            self.crowd.play(&mut |sides| self.dice.roll(sides));
            self.happened.extend(self.crowd.take_raw(0).into_iter().map(row));
        }
        self.slot += 1;
        self.left -= size;
        let mut events: Vec<_> = self.happened.drain(..size).collect();
        events.iter_mut().for_each(|event| event.ord.slot = self.slot);
        events.sort_unstable_by_key(|event| event.ord);
        events
    }
}

impl Iterator for Feed {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        if self.left == 0 {
            return None;
        }
        let (first, mut events) = (self.slot + 1, Vec::with_capacity(BATCH * 2));
        while events.len() < BATCH && self.left > 0 {
            events.extend(self.next_slot());
        }
        Some(Batch { first, last: self.slot, events })
    }
}

/// The row that keeps an event.
fn row(event: mira_chain::event::RawEvent) -> RawEvent {
    let mira_chain::event::EventId { signature, ix, inner_ix } = event.id;
    RawEvent {
        ord: Ordinal { slot: event.slot, signature, ix, inner_ix },
        block_time: event.block_time,
        discriminator: event.discriminator,
        schema: event.schema,
        payload: event.payload,
    }
}

/// An event as it is folded.
///
/// # Errors
/// It is none that this version knows.
pub fn decode(event: &RawEvent) -> Result<PlacedEvent, DecodeError> {
    Ok(PlacedEvent { at: event.ord, event: Event::decode(&event.discriminator, &event.payload)? })
}

/// Stores the first `events` events of a seed's ledger and the rows that they give, commit by commit as the
/// indexer does. Gives how long folding and storing took.
///
/// # Errors
/// The database refuses.
pub async fn record(database: &Database, seed: u64, events: u64, per_slot: usize) -> anyhow::Result<Duration> {
    let store = &*database.store;
    let fence = store.claim(STREAM).await?.fence;
    let (mut rows, mut at, mut took) = (Rows::default(), None, Duration::ZERO);
    for batch in Feed::new(seed, events, per_slot) {
        let placed = batch.events.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
        let watch = Stopwatch::start();
        fold(&mut rows, &placed)?;
        let commit = SlotCommit {
            claim: Claim { stream: STREAM.to_owned(), fence, at },
            slots: (batch.first..=batch.last).map(slot).collect(),
            events: batch.events,
            writes: rows.take_changed(),
            dead_letters: Vec::new(),
            slot: batch.last,
            blockhash: blockhash(batch.last),
        };
        store.commit_slot(commit).await?;
        took += watch.elapsed();
        at = Some(batch.last);
    }
    Ok(took)
}

fn slot(slot: u64) -> ChainSlot {
    ChainSlot {
        slot,
        state: SlotState::Present,
        parent_slot: slot - 1,
        blockhash: blockhash(slot),
        parent_blockhash: blockhash(slot - 1),
        block_time: None,
    }
}

fn blockhash(slot: u64) -> Hash {
    Sha2::hashv(&[b"block", &slot.to_le_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_ledger_begins_with_the_shorter_one() {
        let of = |events| Feed::new(3, events, PER_SLOT).flat_map(|batch| batch.events).collect::<Vec<_>>();
        let (short, long) = (of(3_000), of(5_000));
        assert_eq!((short.len(), long.len()), (3_000, 5_000));
        // Whole slots are the same; the last one of the shorter is not whole.
        let whole = short.partition_point(|event| event.ord.slot < short[2_999].ord.slot);
        assert!(whole > 2_900 && short[..whole] == long[..whole]);
    }

    #[test]
    fn events_of_slots_of_one_are_in_the_order_in_which_they_happened() {
        let mut rows = Rows::default();
        for batch in Feed::new(3, 2_500, 1) {
            let placed: Vec<_> = batch.events.iter().map(|event| decode(event).expect("an event")).collect();
            assert_eq!(batch.last - batch.first + 1, placed.len() as u64);
            placed.iter().for_each(|one| fold(&mut rows, std::slice::from_ref(one)).expect("it fits"));
        }
    }

    #[test]
    fn other_seeds_make_other_ledgers() {
        let of = |seed| Feed::new(seed, 3_000, PER_SLOT).flat_map(|batch| batch.events).collect::<Vec<_>>();
        assert_ne!(of(1), of(2));
    }
}
