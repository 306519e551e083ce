//! Every slot is recorded, and the parent links prove those without a block.

use mira_core::Hash;
use mira_store::model::{ChainSlot, SlotState};

use super::hole::{Hole, Holes};
use crate::convert::base58;

/// The recorded slots so far.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// The block that must be the first one, because what lay before it was compacted.
    horizon: Option<(u64, Hash)>,
    first: Option<u64>,
    last: Option<u64>,
    /// The last block and its hash.
    block: Option<(u64, Hash)>,
    /// The first slot since that block that is called skipped and not proven yet.
    waiting: Option<u64>,
    /// Slots since that block are not recorded, so that the next one cannot be linked to it.
    torn: bool,
    count: u64,
    skipped: u64,
}

impl Slots {
    /// Begins with this block, if one is given.
    pub(super) fn beginning_at(horizon: Option<(u64, Hash)>) -> Self {
        Self { horizon, ..Self::default() }
    }

    pub(super) fn first(&self) -> Option<u64> {
        self.first
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Takes the next slot.
    pub(super) fn take(&mut self, row: &ChainSlot, holes: &mut Holes) {
        self.count = self.count.saturating_add(1);
        if let (None, Some((slot, hash))) = (self.first, self.horizon)
            && (row.slot, row.blockhash) != (slot, hash)
        {
            holes.push(Hole::Horizon { slot, expected: base58(&hash), at: row.slot, found: base58(&row.blockhash) });
        }
        let first = *self.first.get_or_insert(row.slot);
        if let Some(next) = self.last.map(|last| last.saturating_add(1))
            && row.slot > next
        {
            holes.push(Hole::Slots { first: next, last: row.slot.saturating_sub(1) });
            self.torn = true;
        }
        self.last = Some(row.slot);
        match row.state {
            SlotState::ProvenSkipped => {
                self.skipped = self.skipped.saturating_add(1);
                self.waiting.get_or_insert(row.slot);
            }
            SlotState::Present => {
                if !self.torn {
                    self.link(first, row, holes);
                }
                self.block = Some((row.slot, row.blockhash));
                (self.waiting, self.torn) = (None, false);
            }
        }
    }

    /// Checks that a block builds on the last one; the first one on something before the first slot.
    fn link(&self, first: u64, row: &ChainSlot, holes: &mut Holes) {
        let (slot, parent) = (row.slot, row.parent_slot);
        let between = self.block.map_or(first, |(at, _)| at.saturating_add(1));
        if (between..slot).contains(&parent) {
            holes.push(Hole::NotSkipped { slot: parent, by: slot });
        } else if let Some((at, hash)) = self.block
            && (parent, row.parent_blockhash) != (at, hash)
        {
            let (expected, found) = (base58(&hash), base58(&row.parent_blockhash));
            holes.push(Hole::Unlinked { slot, parent, at, expected, found });
        }
    }

    /// Compares the end with the cursor.
    pub(super) fn finish(&self, cursor: Option<(u64, Hash)>, holes: &mut Holes) {
        if let (Some(first), Some(last)) = (self.waiting, self.last) {
            holes.push(Hole::Unproved { first, last });
        }
        match (cursor, self.last) {
            (None, None) => {}
            (None, Some(_)) => holes.push(Hole::NoCursor { first: self.first.unwrap_or(0) }),
            (Some((slot, _)), None) => holes.push(Hole::Slots { first: slot, last: slot }),
            (Some((slot, _)), Some(last)) if slot > last => {
                holes.push(Hole::Slots { first: last.saturating_add(1), last: slot });
            }
            (Some((_, found)), Some(_)) => {
                if let Some((_, expected)) = self.block
                    && expected != found
                {
                    holes.push(Hole::Cursor { expected: base58(&expected), found: base58(&found) });
                }
            }
        }
    }
}
