//! The confirmed overlay: what the chain says of the slots that are not final yet. Pure, and disposable.
//!
//! It holds the confirmed blocks above the cursor, linked by slot and hash. The fork is the chain of
//! links that ends highest; a block that the endpoint no longer lists, or replaces by another of the
//! same slot, is discarded. Confirmed rows are the fold of the fork's events over the finalized rows
//! they touch; whoever reads takes, of a finalized and a confirmed row, the one with the higher `seq`.
//!
//! Nothing here can stop or change the finalized ingest: what does not fit ([`Dropped`]) empties the
//! overlay, and the next poll fills it again. Money is never decided on it.

mod fork;

use std::collections::{BTreeMap, BTreeSet};

use mira_chain::event::DecodeError;
use mira_chain::source::SlotBlock;
use mira_store::model::Projection;

use crate::apply::{FoldError, PlacedEvent, Rows, fold};
use crate::convert::ordinal;
use crate::step::Tip;

/// Slots above the cursor that are held. A block becomes final some 32 slots after it was produced; a
/// fork as deep as that, seen just before the cluster leaves it, has as many again. What is further up
/// waits until the cursor has come nearer, so memory is bounded whatever an endpoint says.
pub const WINDOW_SLOTS: u64 = 64;

/// A confirmed block.
#[derive(Clone, Debug)]
struct Confirmed {
    tip: Tip,
    parent: Tip,
    events: Vec<PlacedEvent>,
}

/// The confirmed blocks above the cursor: at most one for each slot of the window.
#[derive(Clone, Debug)]
pub struct Overlay {
    base: Tip,
    blocks: BTreeMap<u64, Confirmed>,
    /// What the endpoint listed last.
    listed: BTreeSet<u64>,
    /// The highest block when it was listed last: another one may have taken its slot, and it has no child
    /// that would say so.
    doubted: Option<u64>,
}

/// What an input did to the fork.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Blocks that are new on the fork, ascending.
    pub added: Vec<Tip>,
    /// Blocks that are no longer on it and were not seen to become final, ascending: their rows go.
    pub discarded: Vec<Tip>,
    /// The cursor moved, so the rows have to be folded anew even over the same fork.
    pub rebased: bool,
}

impl Change {
    /// Whether the confirmed rows are as they were.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Why the overlay was emptied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Dropped {
    /// A confirmed block holds an event that this version cannot read.
    #[error("confirmed slot {slot}: {reason}")]
    UnknownEvent {
        /// Its slot.
        slot: u64,
        /// What is unknown.
        reason: DecodeError,
    },
    /// The fork's events do not fit the finalized rows.
    #[error("confirmed: {0}")]
    Fold(#[from] Box<FoldError>),
}

impl Overlay {
    /// Nothing confirmed above a finalized block.
    pub fn new(base: Tip) -> Self {
        Self { base, blocks: BTreeMap::new(), listed: BTreeSet::new(), doubted: None }
    }

    /// The finalized block that the fork builds on.
    pub fn base(&self) -> Tip {
        self.base
    }

    /// Whether no block is held, on the fork or beside it.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The last slot that is of interest.
    pub fn last_slot(&self) -> u64 {
        self.base.slot.saturating_add(WINDOW_SLOTS)
    }

    /// Takes the slots above the cursor that the endpoint now has confirmed blocks for.
    pub fn listed(&mut self, slots: &[u64]) -> Change {
        let window = self.base.slot.saturating_add(1)..=self.last_slot();
        let listed: BTreeSet<u64> = slots.iter().copied().filter(|slot| window.contains(slot)).collect();
        self.changed(|overlay| {
            overlay.blocks.retain(|slot, _| listed.contains(slot));
            overlay.doubted = overlay.blocks.keys().next_back().copied();
            overlay.listed = listed;
        })
    }

    /// The slots to ask for, ascending: listed and not held, the highest that is held, once a list, and
    /// those that a held block names as its parent.
    pub fn wanted(&self) -> Vec<u64> {
        let missing = self.listed.iter().copied().filter(|slot| !self.blocks.contains_key(slot));
        let parents = self.blocks.values().map(|block| block.parent).filter(|parent| !self.knows(*parent));
        let wanted: BTreeSet<u64> = missing.chain(self.doubted).chain(parents.map(|parent| parent.slot)).collect();
        wanted.into_iter().collect()
    }

    /// Takes a confirmed block. Another one of its slot is replaced by it: the endpoint's newest word counts.
    ///
    /// # Errors
    /// The block cannot be read; the overlay is empty then.
    pub fn confirm(&mut self, block: &SlotBlock) -> Result<Change, Dropped> {
        let tip = Tip { slot: block.slot, blockhash: block.blockhash };
        let parent = Tip { slot: block.parent_slot, blockhash: block.parent_blockhash };
        let inside = tip.slot > self.base.slot && tip.slot <= self.last_slot() && parent.slot < tip.slot;
        if !inside {
            return Ok(Change::default());
        }
        self.doubted = self.doubted.filter(|&slot| slot != tip.slot);
        let events = block.events.iter().map(|raw| raw.decode().map(|event| PlacedEvent { at: ordinal(raw), event }));
        match events.collect() {
            Ok(events) => Ok(self.changed(|overlay| {
                overlay.blocks.insert(tip.slot, Confirmed { tip, parent, events });
                overlay.prune();
            })),
            Err(reason) => {
                self.clear();
                Err(Dropped::UnknownEvent { slot: block.slot, reason })
            }
        }
    }

    /// Moves the base to a block that is final: what lies below it, or builds on something else, goes.
    pub fn finalize(&mut self, base: Tip) -> Change {
        if base == self.base {
            return Change::default();
        }
        let same_chain = self.fork().contains(&base);
        let mut change = self.changed(|overlay| {
            overlay.base = base;
            overlay.blocks.retain(|&slot, _| slot > base.slot);
            overlay.listed.retain(|&slot| slot > base.slot);
            overlay.doubted = overlay.doubted.filter(|&slot| slot > base.slot);
            overlay.prune();
        });
        change.discarded.retain(|tip| !same_chain || tip.slot > base.slot);
        change.rebased = true;
        change
    }

    /// Forgets everything confirmed.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.listed.clear();
        self.doubted = None;
    }

    /// The fork's events, slot by slot.
    pub fn events(&self) -> Vec<PlacedEvent> {
        self.on_fork().into_iter().flat_map(|block| block.events.iter().cloned()).collect()
    }

    /// The confirmed rows: those that the fork's events change. `rows` holds the finalized rows that
    /// they touch (see [`crate::apply::keys_of`] and [`crate::apply::owners_of`]), as of the base.
    ///
    /// # Errors
    /// An event does not fit; the overlay is empty then.
    pub fn fold(&mut self, mut rows: Rows) -> Result<Vec<Projection>, Dropped> {
        if let Err(error) = fold(&mut rows, &self.events()) {
            self.clear();
            return Err(error.into());
        }
        Ok(rows.take_changed())
    }

    /// Does something and says what it did to the fork.
    fn changed(&mut self, change: impl FnOnce(&mut Self)) -> Change {
        let before = self.fork();
        change(self);
        let after = self.fork();
        let without = |these: &[Tip], those: &[Tip]| these.iter().copied().filter(|tip| !those.contains(tip)).collect();
        Change { added: without(&after, &before), discarded: without(&before, &after), rebased: false }
    }
}

#[cfg(test)]
mod tests;
