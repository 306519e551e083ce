//! Ingest from single transactions, as a pure function like [`step`](super::step).
//!
//! A round: the finalized slot is read first, then the program's transactions are listed newest to
//! oldest until what is known, fetched oldest to newest, and committed slot by slot, the cursor with
//! the finalized slot last. Pages overlap by one transaction, so that a server that lost its place, and
//! answers with an empty page, is not taken for the end of the history ([`listing`]).
//!
//! A list proves nothing by itself. What it leaves out shows when the aggregate's next event does not
//! continue its numbers; an aggregate that was left out altogether shows when the program's accounts
//! are compared with the rows ([`census`]). Slots are not proven here: nothing is noted of them.
//!
//! Until a round is fetched, its list is in memory: about a hundred bytes a transaction.

mod census;
mod listing;

pub use census::CENSUS_SLOTS;

use std::collections::VecDeque;

use mira_chain::source::{Aggregates, ListedTransaction, ProgramTransaction, UnreadableTransaction};
use mira_core::Hash;
use mira_store::model::{ProjectionKey, Signature};

use super::aside::{self, Read, SetAside};
use super::batch::Part;
use super::{BATCH_EVENTS, Batch};
use crate::stop::Stop;
use census::Census;
use listing::{Listing, Next};

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The newest finalized slot.
    Finalized(u64),
    /// The page that was asked for, newest first.
    Listed(Vec<ListedTransaction>),
    /// A transaction that was asked for. They come in the order in which they were asked for.
    Transaction(ProgramTransaction),
    /// As `Transaction`, which the source could not read.
    Unreadable(UnreadableTransaction),
    /// The source does not have a transaction that was asked for.
    Unavailable {
        /// Where it was listed.
        slot: u64,
        /// The source's words.
        reason: String,
    },
    /// A transaction that was asked for cannot be understood.
    Undecodable {
        /// Where it was listed.
        slot: u64,
        /// Why.
        reason: String,
    },
    /// The program's accounts that number their events.
    Aggregates(Aggregates),
    /// Which of the rows that were asked for do not exist.
    Missing(Vec<ProjectionKey>),
}

/// What to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a page of transactions.
    List {
        /// The finalized slot that the server must have reached.
        at: u64,
        /// The page begins after this one.
        before: Option<Signature>,
        /// How many.
        limit: u16,
    },
    /// Ask for these transactions, and give them back in this order.
    Fetch(Vec<ListedTransaction>),
    /// Fold and store.
    Commit(Batch),
    /// Ask for the program's accounts.
    Count,
    /// Ask which of these rows do not exist.
    Find(Vec<ProjectionKey>),
    /// Stand still and say why.
    Stop(Stop),
}

/// Where ingest stands. Made anew from the stored cursor after any failure.
#[derive(Clone, Debug)]
pub struct State {
    cluster: Hash,
    /// Everything up to here is committed, or is not wanted.
    floor: Option<u64>,
    /// The program has transactions at or below the floor: a list must reach them.
    known: bool,
    finalized: u64,
    listing: Option<Listing>,
    awaited: VecDeque<ListedTransaction>,
    part: Part,
    batch: Batch,
    census: Census,
    aside: SetAside,
    stopped: bool,
}

impl State {
    /// Continues after slot `cursor`, or starts at slot `start`, on the cluster with this genesis hash.
    /// `known` says that the ledger has an event: its transaction has to be on every list.
    pub fn new(cluster: Hash, start: u64, cursor: Option<u64>, known: bool) -> Self {
        Self {
            cluster,
            floor: cursor.or(start.checked_sub(1)),
            known,
            finalized: 0,
            listing: None,
            awaited: VecDeque::new(),
            part: Part::default(),
            batch: Batch::default(),
            census: Census::default(),
            aside: SetAside::new(),
            stopped: false,
        }
    }

    /// Sets these transactions aside where they cannot be read.
    #[must_use]
    pub fn setting_aside(self, aside: SetAside) -> Self {
        Self { aside, ..self }
    }

    /// A round begins when the last one is over and there is a slot that it did not see.
    fn begin(&mut self, finalized: u64) -> Vec<Effect> {
        if self.listing.is_some() || !self.awaited.is_empty() || self.floor.is_some_and(|floor| finalized <= floor) {
            return Vec::new();
        }
        self.finalized = finalized;
        let (listing, ask) = Listing::new(self.floor, self.known);
        self.listing = Some(listing);
        vec![self.list(ask)]
    }

    fn list(&self, listing::Ask { before, limit }: listing::Ask) -> Effect {
        Effect::List { at: self.finalized, before, limit }
    }

    fn page(&mut self, page: &[ListedTransaction]) -> Result<Vec<Effect>, Stop> {
        let Some(listing) = &mut self.listing else { return Ok(Vec::new()) };
        match listing.page(page)? {
            Next::Ask(ask) => Ok(vec![self.list(ask)]),
            Next::Done => {
                let mut listed = self.listing.take().map(Listing::oldest_first).transpose()?.unwrap_or_default();
                listed.retain(|listed| listed.slot <= self.finalized);
                self.known |= !listed.is_empty();
                self.awaited = listed.into_iter().filter(|listed| !listed.failed).collect();
                if self.awaited.is_empty() {
                    return Ok(self.finish());
                }
                Ok(vec![Effect::Fetch(self.awaited.iter().copied().collect())])
            }
        }
    }

    fn transaction(&mut self, found: ProgramTransaction) -> Result<Vec<Effect>, Stop> {
        let Some(slot) = self.expected(&found.signature, found.slot)? else { return Ok(Vec::new()) };
        let read = aside::read(&self.cluster, &self.aside, slot, found.events)?;
        Ok(self.took(slot, read, found.forged))
    }

    fn unreadable(&mut self, found: UnreadableTransaction) -> Result<Vec<Effect>, Stop> {
        let Some(slot) = self.expected(&found.signature, found.slot)? else { return Ok(Vec::new()) };
        let letters = aside::unreadable(&self.aside, vec![found])?;
        Ok(self.took(slot, Read { letters, ..Read::default() }, 0))
    }

    /// The slot of the transaction whose turn it is, if this is it: one that was read before, or was not asked
    /// for, changes nothing.
    fn expected(&self, signature: &Signature, found: u64) -> Result<Option<u64>, Stop> {
        let Some(listed) = self.awaited.front().filter(|listed| listed.signature == *signature) else {
            return Ok(None);
        };
        if found != listed.slot {
            let reason = format!("a transaction is listed there and found in slot {found}");
            return Err(Stop::Unavailable { slot: listed.slot, reason });
        }
        Ok(Some(listed.slot))
    }

    fn took(&mut self, slot: u64, read: Read, forged: u32) -> Vec<Effect> {
        self.part.extend(read, forged);
        self.awaited.pop_front();
        match self.awaited.front() {
            None => self.finish(),
            Some(next) if next.slot == slot => Vec::new(),
            Some(_) => {
                self.close(slot);
                let full = self.batch.events.len() >= BATCH_EVENTS;
                if full { self.flush() } else { Vec::new() }
            }
        }
    }

    fn close(&mut self, slot: u64) {
        self.batch.close(slot, std::mem::take(&mut self.part));
    }

    fn flush(&mut self) -> Vec<Effect> {
        let batch = std::mem::take(&mut self.batch);
        let Some((slot, _)) = batch.end() else { return Vec::new() };
        self.floor = Some(slot);
        vec![Effect::Commit(batch)]
    }

    /// The round's last slot is complete: so is everything up to the finalized slot.
    fn finish(&mut self) -> Vec<Effect> {
        self.close(self.finalized);
        let mut effects = self.flush();
        effects.extend(self.census.due(self.finalized));
        effects
    }

    /// Commits the slots that are complete and stops.
    fn stop(&mut self, stop: Stop) -> Vec<Effect> {
        self.stopped = true;
        let mut effects = self.flush();
        effects.push(Effect::Stop(stop));
        effects
    }
}

/// Takes one input. After a [`Effect::Stop`] every input is ignored.
pub fn step(state: &mut State, input: Input) -> Vec<Effect> {
    if state.stopped {
        return Vec::new();
    }
    let effects = match input {
        Input::Finalized(slot) => Ok(state.begin(slot)),
        Input::Listed(page) => state.page(&page),
        Input::Transaction(found) => state.transaction(found),
        Input::Unreadable(found) => state.unreadable(found),
        Input::Unavailable { slot, reason } => Err(Stop::Unavailable { slot, reason }),
        Input::Undecodable { slot, reason } => Err(Stop::Undecodable { slot, reason }),
        Input::Aggregates(aggregates) => {
            state.census.counted(aggregates);
            Ok(Vec::new())
        }
        Input::Missing(missing) => missing.first().map_or(Ok(Vec::new()), |key| Err(Stop::NeverSeen { key: *key })),
    };
    effects.unwrap_or_else(|stop| state.stop(stop))
}

#[cfg(test)]
mod tests;
