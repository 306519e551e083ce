//! The proof that the recorded ledger is whole, from the ledger alone.
//!
//! [`Proof`] is a pure fold over the recorded slots and events; [`prove`] streams them from the store. Three
//! things have to hold, none of which takes the projections' or the endpoint's word:
//!
//! 1. **Slots.** Every slot from the first to the cursor is recorded; a skipped one is proven by the next
//!    block, whose parent is the last block before it, by number and hash; the cursor is the last block.
//! 2. **Events.** Each lies in a block that is recorded and can be read, and each aggregate's events are
//!    numbered from 1 without a gap, slot by slot.
//! 3. **Notes.** No gap is noted and no transaction was set aside.
//!
//! An index that was read from single transactions records no slots, and its cursor names no block: then the
//! second and the third have to carry the proof ([`Report::linked`]).
//!
//! Slots that were compacted were proven before ([`crate::prune`]): the proof begins at the horizon, whose block
//! must be the first one recorded, and [`Report::compacted`] counts what lies below. Their events are still all
//! there, and numbered.
//!
//! What this cannot see: the last events of an aggregate, or all of them. Their block is there, so whoever
//! left them out lied about a block's content; that is found by holding the index against the chain's
//! accounts ([`crate::check`]).

mod hole;
mod sequence;
mod slots;

pub use hole::Hole;

use std::collections::BTreeSet;

use mira_chain::event::Event;
use mira_core::Hash;
use mira_store::model::{ChainSlot, DeadLetter, Gap, Horizon, Ordinal, RawEvent, SlotState};
use mira_store::{Result, Store};

use crate::shell::STREAM;
use hole::Holes;
use sequence::Sequence;
use slots::Slots;

/// The block hash of a cursor that was moved by single transactions: they name none.
const NO_BLOCKHASH: Hash = [0; 32];
/// Rows read at once.
const PAGE: u32 = 4_096;

/// What was proved, or what is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether the parent links are part of the proof; otherwise the events' numbers are all of it.
    pub linked: bool,
    /// The first recorded slot; `None` if there is none.
    pub first: Option<u64>,
    /// The slot of the cursor; `None` if nothing was indexed.
    pub cursor: Option<u64>,
    /// Where the proof by slots begins, and what was proven and compacted below; `None` if nothing was.
    pub compacted: Option<Horizon>,
    /// Slots recorded up to the cursor.
    pub slots: u64,
    /// Those of them without a block.
    pub skipped: u64,
    /// Events in them.
    pub events: u64,
    /// Aggregates that the events change.
    pub aggregates: u64,
    /// How many holes there are.
    pub holes: u64,
    /// The first of them, in the order in which they were found.
    pub named: Vec<Hole>,
}

impl Report {
    /// Whether nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.holes == 0
    }
}

/// Proves the ledger up to where the cursor is now, while an indexer may be running. Changes nothing.
///
/// # Errors
/// The store's.
pub async fn prove(store: &dyn Store) -> Result<Report> {
    loop {
        let horizon = store.horizon(STREAM).await?;
        let report = prove_from(store, horizon.clone()).await?;
        // Slots that are compacted while they are read look as if they were missing.
        if store.horizon(STREAM).await? == horizon {
            return Ok(report);
        }
    }
}

async fn prove_from(store: &dyn Store, horizon: Option<Horizon>) -> Result<Report> {
    let cursor = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot.zip(cursor.blockhash));
    let mut proof = Proof::new(cursor).beginning_at(horizon);
    let up_to = cursor.map(|(slot, _)| slot);
    let (mut after, mut place) = (None, None);
    loop {
        let mut page = store.chain_slots(after, PAGE).await?;
        page.retain(|row| up_to.is_none_or(|up_to| row.slot <= up_to));
        let Some(last) = page.last() else { break };
        after = Some(last.slot);
        proof.slots(&page);
        place = events(store, &mut proof, place, Some(last.slot)).await?;
    }
    // What lies after the last recorded slot and not after the cursor has no block.
    events(store, &mut proof, place, up_to).await?;
    proof.notes(&store.gaps().await?, &store.dead_letters(None, PAGE).await?);
    Ok(proof.finish())
}

/// Streams events after a place up to a slot; gives the last one's place.
async fn events(
    store: &dyn Store,
    proof: &mut Proof,
    mut place: Option<Ordinal>,
    up_to: Option<u64>,
) -> Result<Option<Ordinal>> {
    loop {
        let page = store.events_after(place, up_to, PAGE).await?;
        let Some(last) = page.last() else { return Ok(place) };
        place = Some(last.ord);
        proof.events(&page);
    }
}

/// The proof under way. Memory: one number for each aggregate, and a page's slots.
#[derive(Debug)]
pub struct Proof {
    cursor: Option<(u64, Hash)>,
    horizon: Option<Horizon>,
    slots: Slots,
    sequence: Sequence,
    /// The blocks of the last page of slots, in which the next events must lie.
    blocks: BTreeSet<u64>,
    events: u64,
    holes: Holes,
}

impl Proof {
    /// Starts, for a cursor at this slot and block hash.
    pub fn new(cursor: Option<(u64, Hash)>) -> Self {
        Self {
            cursor,
            horizon: None,
            slots: Slots::default(),
            sequence: Sequence::default(),
            blocks: BTreeSet::new(),
            events: 0,
            holes: Holes::default(),
        }
    }

    /// Begins with the horizon's block.
    pub fn beginning_at(mut self, horizon: Option<Horizon>) -> Self {
        self.slots = Slots::beginning_at(horizon.as_ref().map(|horizon| (horizon.slot, horizon.blockhash)));
        self.horizon = horizon;
        self
    }

    /// Whether a slot's row was compacted.
    fn compacted(&self, slot: u64) -> bool {
        self.horizon.as_ref().is_some_and(|horizon| (horizon.first..horizon.slot).contains(&slot))
    }

    fn linked(&self) -> bool {
        self.cursor.is_none_or(|(_, blockhash)| blockhash != NO_BLOCKHASH)
    }

    /// Takes the next slots, ascending.
    pub fn slots(&mut self, rows: &[ChainSlot]) {
        self.blocks = rows.iter().filter(|row| row.state == SlotState::Present).map(|row| row.slot).collect();
        rows.iter().for_each(|row| self.slots.take(row, &mut self.holes));
    }

    /// Takes the next events in the order of their places, not beyond the last slot taken.
    pub fn events(&mut self, rows: &[RawEvent]) {
        for row in rows {
            self.events = self.events.saturating_add(1);
            if self.linked() && !self.blocks.contains(&row.ord.slot) && !self.compacted(row.ord.slot) {
                self.holes.push(Hole::NoBlock { at: row.ord });
            }
            match Event::decode(&row.discriminator, &row.payload) {
                Ok(event) => self.sequence.take(row.ord.slot, event.aggregates(), &mut self.holes),
                Err(error) => self.holes.push(Hole::Unreadable { at: row.ord, reason: error.to_string() }),
            }
        }
    }

    /// Takes what the indexer itself noted as missing.
    pub fn notes(&mut self, gaps: &[Gap], letters: &[DeadLetter]) {
        for Gap { first, last, reason, .. } in gaps {
            self.holes.push(Hole::Noted { first: *first, last: *last, reason: reason.clone() });
        }
        for letter in letters {
            self.holes.push(Hole::SetAside {
                slot: letter.slot,
                signature: letter.signature,
                reason: letter.reason.clone(),
            });
        }
    }

    /// The outcome.
    pub fn finish(mut self) -> Report {
        self.sequence.end_slot(&mut self.holes);
        if self.linked() {
            self.slots.finish(self.cursor, &mut self.holes);
        }
        Report {
            linked: self.linked(),
            first: self.slots.first(),
            cursor: self.cursor.map(|(slot, _)| slot),
            compacted: self.horizon,
            slots: self.slots.count(),
            skipped: self.slots.skipped(),
            events: self.events,
            aggregates: self.sequence.aggregates(),
            holes: self.holes.count(),
            named: self.holes.into_named(),
        }
    }
}

#[cfg(test)]
mod tests;
