//! Folding the recorded ledger again, from nothing.

use mira_chain::event::{DecodeError, Event};
use mira_store::model::{Ordinal, Projection, ProjectionKey, RawEvent, Set};
use mira_store::{Error as StoreError, Store};

use crate::apply::{FoldError, PlacedEvent, Rows, fold, keys_of, owners_of};
use crate::convert::ordinal_text;

/// Events read at once.
const PAGE: u32 = 4_096;
/// Rows that a rebuild keeps in memory: some ten megabytes, however long the ledger is.
pub(crate) const KEEP_ROWS: usize = 16_384;
/// Rows written at once: a transaction costs a disk flush, and takes memory for all that it writes.
const WRITE_ROWS: usize = 4_096;

/// Why the ledger cannot be folded.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A recorded event that this version cannot read.
    #[error("the recorded event at {}: {reason}", ordinal_text(.at))]
    Decode {
        /// Where it stands.
        at: Box<Ordinal>,
        /// What is unknown.
        reason: DecodeError,
    },
    /// A recorded event that does not fit those before it.
    #[error("the recorded ledger does not fold: {0}")]
    Fold(#[from] Box<FoldError>),
}

/// Where the rows go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// They stay in memory.
    Memory,
    /// They are written to the store's shadow set. Nobody reads that before it is whole, so a row is written
    /// when it has to leave memory, not when it changes.
    Shadow {
        /// How many rows may stay in memory between pages.
        keep: usize,
    },
}

/// A fold of the ledger under way.
pub(crate) struct Replay<'a> {
    store: &'a dyn Store,
    target: Target,
    rows: Rows,
    after: Option<Ordinal>,
    events: u64,
}

impl<'a> Replay<'a> {
    pub(crate) fn new(store: &'a dyn Store, target: Target) -> Self {
        Self { store, target, rows: Rows::default(), after: None, events: 0 }
    }

    /// Events folded so far.
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    /// The rows, if they stayed in memory.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Projection> {
        self.rows.iter()
    }

    /// Folds all events up to a slot. May be called again with a later one.
    pub(crate) async fn advance(&mut self, up_to: u64) -> Result<(), ReplayError> {
        let mut waiting: Vec<PlacedEvent> = Vec::new();
        loop {
            let page = self.store.events_after(self.after, Some(up_to), PAGE).await?;
            let ended = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            if let Some(last) = page.last() {
                self.after = Some(last.ord);
            }
            for raw in page {
                waiting.push(decode(raw)?);
            }
            // A slot's events are folded together, and the page may have cut the last slot.
            let last_slot = waiting.last().map(|placed| placed.at.slot);
            let whole = match last_slot {
                Some(slot) if !ended => waiting.partition_point(|placed| placed.at.slot < slot),
                _ => waiting.len(),
            };
            let rest = waiting.split_off(whole);
            self.fold(&waiting).await?;
            waiting = rest;
            if ended {
                return self.flush().await;
            }
        }
    }

    async fn fold(&mut self, events: &[PlacedEvent]) -> Result<(), ReplayError> {
        self.load(events).await?;
        fold(&mut self.rows, events)?;
        self.events = self.events.saturating_add(u64::try_from(events.len()).unwrap_or(u64::MAX));
        match self.target {
            Target::Shadow { keep } if self.rows.len() > keep => self.flush().await,
            _ => Ok(()),
        }
    }

    /// Writes what has changed and forgets all rows, where they can be read back.
    async fn flush(&mut self) -> Result<(), ReplayError> {
        if self.target == Target::Memory {
            return Ok(());
        }
        for rows in self.rows.take_changed().chunks(WRITE_ROWS) {
            self.store.write_shadow(rows).await?;
        }
        self.rows.clear();
        Ok(())
    }

    /// Reads back the rows that the events need and that are not in memory.
    async fn load(&mut self, events: &[PlacedEvent]) -> Result<(), ReplayError> {
        if self.target == Target::Memory {
            return Ok(());
        }
        let mut keys: Vec<ProjectionKey> = events.iter().flat_map(|placed| keys_of(&placed.event)).collect();
        keys.retain(|key| !self.rows.holds(key));
        keys.sort_unstable();
        keys.dedup();
        if !keys.is_empty() {
            self.rows.insert(self.store.load(Set::Shadow, &keys).await?);
        }
        let owners = owners_of(events, &self.rows);
        if !owners.is_empty() {
            self.rows.insert(self.store.load(Set::Shadow, &owners).await?);
        }
        Ok(())
    }
}

fn decode(raw: RawEvent) -> Result<PlacedEvent, ReplayError> {
    match Event::decode(&raw.discriminator, &raw.payload) {
        Ok(event) => Ok(PlacedEvent { at: raw.ord, event }),
        Err(reason) => Err(ReplayError::Decode { at: Box::new(raw.ord), reason }),
    }
}

#[cfg(test)]
mod tests;
