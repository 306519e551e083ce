//! A database in memory: it takes a commit whole or not at all, and nothing twice.

use super::story::State;
use mira_indexer::Stop;
use mira_indexer::apply::{PlacedEvent, Rows, fold, keys_of, owners_of};
use mira_indexer::step::{Batch, Tip};
use mira_store::model::{ChainSlot, Ordinal, RawEvent};
use std::collections::BTreeMap;

/// The tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// The last block that is stored.
    pub cursor: Option<Tip>,
    /// What is known of each slot.
    pub slots: BTreeMap<u64, ChainSlot>,
    /// The ledger.
    pub ledger: BTreeMap<Ordinal, RawEvent>,
    /// The rows.
    pub rows: State,
    /// Calls that looked like events.
    pub forged: u64,
}

impl Storage {
    /// The stored rows that events touch, as the shell loads them.
    pub fn load(&self, events: &[PlacedEvent]) -> Rows {
        let mut rows = Rows::default();
        let keys = events.iter().flat_map(|placed| keys_of(&placed.event));
        rows.insert(keys.filter_map(|key| self.rows.get(&key).cloned()));
        let owners = owners_of(events, &rows);
        rows.insert(owners.iter().filter_map(|key| self.rows.get(key).cloned()));
        rows
    }

    /// Folds a batch and stores slots, ledger, rows and cursor together.
    ///
    /// # Errors
    /// The batch does not fold; nothing is stored then.
    ///
    /// # Panics
    /// Something of it is stored already, or does not follow the cursor.
    pub fn commit(&mut self, batch: Batch) -> Result<(), Stop> {
        let Some((slot, blockhash)) = batch.end() else { panic!("an empty batch is committed") };
        let first = batch.slots[0].slot;
        assert!(
            self.cursor.is_none_or(|cursor| first == cursor.slot + 1),
            "committed twice or not in line: slot {first} after {:?}",
            self.cursor.map(|cursor| cursor.slot)
        );
        let mut rows = self.load(&batch.events);
        fold(&mut rows, &batch.events).map_err(Stop::Fold)?;
        for slot in batch.slots {
            let number = slot.slot;
            assert!(self.slots.insert(number, slot).is_none(), "slot {number} is committed twice");
        }
        for event in batch.ledger {
            let at = event.ord;
            assert!(self.ledger.insert(at, event).is_none(), "an event of slot {} is committed twice", at.slot);
        }
        for row in rows.take_changed() {
            let (key, seq) = (row.key(), row.seq());
            let old = self.rows.insert(key, row);
            assert!(old.is_none_or(|old| old.seq() < seq), "{key:?} is written twice as {seq}");
        }
        self.forged += batch.forged;
        self.cursor = Some(Tip { slot, blockhash });
        Ok(())
    }
}
