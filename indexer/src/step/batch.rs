//! Slots that are committed together.

use mira_chain::source::SlotBlock;
use mira_core::Hash;
use mira_store::model::{ChainSlot, RawEvent, SlotState};

use crate::apply::PlacedEvent;

/// Consecutive proven slots with all their events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The slots, ascending, skipped ones included; the last one has a block.
    pub slots: Vec<ChainSlot>,
    /// The events as the ledger keeps them.
    pub ledger: Vec<RawEvent>,
    /// The same events, decoded.
    pub events: Vec<PlacedEvent>,
    /// Calls that looked like events and were not.
    pub forged: u64,
}

impl Batch {
    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The last slot and its block's hash; `None` if empty.
    pub fn end(&self) -> Option<(u64, Hash)> {
        self.slots.last().map(|slot| (slot.slot, slot.blockhash))
    }

    /// Adds a block and the slots from `first` on that it proves to be skipped.
    pub(super) fn push(&mut self, first: u64, block: &SlotBlock, ledger: Vec<RawEvent>, events: Vec<PlacedEvent>) {
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
        self.ledger.extend(ledger);
        self.events.extend(events);
        self.forged = self.forged.saturating_add(u64::from(block.forged));
    }
}
