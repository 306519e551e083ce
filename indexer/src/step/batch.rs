//! Slots that are committed together.

use mira_chain::source::SlotBlock;
use mira_core::Hash;
use mira_store::model::{ChainSlot, DeadLetter, NO_BLOCKHASH, RawEvent, SlotState};

use super::aside::Read;
use crate::apply::PlacedEvent;

/// Consecutive complete slots with all their events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The slots, ascending, skipped ones included; the last one has a block. Empty where single
    /// transactions were read.
    pub slots: Vec<ChainSlot>,
    /// The events as the ledger keeps them.
    pub ledger: Vec<RawEvent>,
    /// The same events, decoded.
    pub events: Vec<PlacedEvent>,
    /// Transactions that were set aside. When they were recorded is still to be said.
    pub letters: Vec<DeadLetter>,
    /// Calls that looked like events and were not.
    pub forged: u64,
    end: Option<(u64, Hash)>,
}

/// What single transactions of one slot gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) ledger: Vec<RawEvent>,
    pub(super) events: Vec<PlacedEvent>,
    pub(super) letters: Vec<DeadLetter>,
    pub(super) forged: u64,
}

impl Part {
    /// Adds a transaction.
    pub(super) fn extend(&mut self, read: Read, forged: u32) {
        self.ledger.extend(read.ledger);
        self.events.extend(read.events);
        self.letters.extend(read.letters);
        self.forged = self.forged.saturating_add(u64::from(forged));
    }
}

impl Batch {
    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.end.is_none()
    }

    /// The last slot and its block's hash, or [`NO_BLOCKHASH`]; `None` if empty.
    pub fn end(&self) -> Option<(u64, Hash)> {
        self.end
    }

    /// Adds a block and the slots from `first` on that it proves to be skipped.
    pub(super) fn push(&mut self, first: u64, block: &SlotBlock, read: Read) {
        self.slots.extend((first..block.slot).map(|slot| ChainSlot {
            slot,
            state: SlotState::ProvenSkipped,
            parent_slot: 0,
            blockhash: [0; 32],
            parent_blockhash: [0; 32],
            block_time: None,
        }));
        self.slots.push(ChainSlot {
            slot: block.slot,
            state: SlotState::Present,
            parent_slot: block.parent_slot,
            blockhash: block.blockhash,
            parent_blockhash: block.parent_blockhash,
            block_time: block.block_time,
        });
        self.ledger.extend(read.ledger);
        self.events.extend(read.events);
        self.letters.extend(read.letters);
        self.forged = self.forged.saturating_add(u64::from(block.forged));
        self.end = Some((block.slot, block.blockhash));
    }

    /// Adds everything that the program did in a slot, and nothing up to it.
    pub(super) fn close(&mut self, slot: u64, part: Part) {
        self.ledger.extend(part.ledger);
        self.events.extend(part.events);
        self.letters.extend(part.letters);
        self.forged = self.forged.saturating_add(part.forged);
        self.end = Some((slot, NO_BLOCKHASH));
    }
}
