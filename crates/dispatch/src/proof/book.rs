//! The dispatch epoch that is open: what the records so far come to, and when it closes.
//!
//! It closes before an input, so that all of one input belongs to one epoch. An epoch without a record
//! never closes: nothing was decided that anybody could want to prove.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;

use crate::config::Config;
use crate::effect::{Effect, Outcome};
use crate::proof::epoch::{Anchor, EpochClosed, Tree, epoch_hash};
use crate::proof::reroute;
use crate::proof::tree::{Frontier, Kind, leaf};

/// The open epoch.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Book {
    number: u64,
    hash: Hash,
    /// When its first record was made. Unix milliseconds.
    opened_ms: Option<u64>,
    /// The number of its first input.
    first: u64,
    /// Inputs taken so far, of all epochs.
    inputs: u64,
    placements: Frontier,
    routes: Frontier,
    /// Route records of earlier epochs.
    first_route: u64,
}

impl Default for Book {
    fn default() -> Self {
        Book::after(&Anchor::default())
    }
}

impl Book {
    fn after(before: &Anchor) -> Self {
        let number = before.number.saturating_add(1);
        Book {
            number,
            hash: epoch_hash(&before.root, number),
            opened_ms: None,
            first: before.inputs.saturating_add(1),
            inputs: before.inputs,
            placements: Frontier::default(),
            routes: Frontier::default(),
            first_route: before.routes,
        }
    }

    /// The engine started. If it is new, it goes on from the epoch that came before it.
    pub(crate) fn start(&mut self, config: &Config) {
        if self.inputs == 0 {
            *self = Book::after(&config.after);
        }
    }

    /// The epoch's number and hash, for its draws.
    pub(crate) fn in_force(&self) -> (u64, Hash) {
        (self.number, self.hash)
    }

    /// The number of the next route record, from 0.
    pub(crate) fn next_route(&self) -> u64 {
        self.first_route.saturating_add(self.routes.count())
    }

    /// When it closes, if it has a record. Unix milliseconds.
    pub(crate) fn due_ms(&self, config: &Config) -> Option<u64> {
        let opened_ms = self.opened_ms?;
        let full = self.placements.count().saturating_add(self.routes.count()) >= u64::from(config.epoch_records);
        Some(if full { opened_ms } else { opened_ms.saturating_add(config.epoch_ms) })
    }

    /// An input comes: closes the epoch first if it is due. Whether it was.
    pub(crate) fn begin(&mut self, now_ms: u64, config: &Config, out: &mut Outcome) -> bool {
        let due = self.due_ms(config).is_some_and(|due_ms| due_ms <= now_ms);
        if due {
            out.push(Effect::EpochClosed(self.close(now_ms)));
        }
        self.inputs = self.inputs.saturating_add(1);
        due
    }

    /// An input was taken: counts the records that it led to. By name, as a table of them has it.
    pub(crate) fn end(&mut self, now_ms: u64, out: &Outcome) {
        let mut placements: Vec<_> = out.records.iter().collect();
        placements.sort_by_key(|record| record.id);
        // Writing to memory cannot fail.
        let placements = placements.into_iter().filter_map(|record| record.to_bytes().ok());
        placements.for_each(|bytes| self.placements.push(leaf(Kind::Placement, &bytes)));
        let routes = out.routes().filter_map(|record| reroute::write(record).ok());
        routes.for_each(|bytes| self.routes.push(leaf(Kind::Route, &bytes)));
        if self.placements.count() > 0 || self.routes.count() > 0 {
            self.opened_ms.get_or_insert(now_ms);
        }
    }

    fn close(&mut self, now_ms: u64) -> EpochClosed {
        let tree = |frontier: &Frontier| Tree { root: frontier.root(), count: frontier.count() };
        let closed = EpochClosed {
            number: self.number,
            hash: self.hash,
            first: self.first,
            last: self.inputs,
            placements: tree(&self.placements),
            routes: tree(&self.routes),
            first_route: self.first_route,
            closed_ms: now_ms,
        };
        let (number, inputs, routes) = (self.number, self.inputs, self.next_route());
        *self = Book::after(&Anchor { number, root: closed.root(), inputs, routes });
        closed
    }
}

#[cfg(test)]
mod tests;
