//! Ingest as a pure function: what was seen in, what to do out.
//!
//! [`step`] knows no network, no database and no clock. The shell feeds it what the block source
//! answers and does what it says; the simulator can do the same with a source that lies. The cursor
//! moves only over slots whose blocks were read or whose absence the parent links prove ([`proof`]).
//!
//! [`signatures`] is the same for single transactions, which prove less.

mod aside;
mod batch;
mod proof;
pub mod signatures;

pub use aside::SetAside;
pub use batch::Batch;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mira_chain::source::{BlockFetch, SlotBlock, SourceError, UnreadableTransaction};
use mira_core::Hash;

use crate::stop::Stop;

/// Slots listed by one request.
pub const LIST_SLOTS: u64 = 1_000;
/// A batch is committed when it has this many slots: a transaction costs a disk flush.
const BATCH_SLOTS: usize = 256;
/// Or this many events, so that a transaction stays small.
const BATCH_EVENTS: usize = 2_000;

/// The last block that was read: the next one has to build on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its slot.
    pub slot: u64,
    /// Its hash.
    pub blockhash: Hash,
}

/// Where ingest stands. Made anew from the stored cursor after any failure.
#[derive(Clone, Debug)]
pub struct State {
    cluster: Hash,
    start: u64,
    tip: Option<Tip>,
    finalized: u64,
    /// Listed as produced up to here.
    listed: Option<u64>,
    listing: bool,
    awaited: VecDeque<u64>,
    /// Blocks that came before one that has to be read first, and what could not be read of them.
    early: BTreeMap<u64, (SlotBlock, Vec<UnreadableTransaction>)>,
    aside: SetAside,
    batch: Batch,
    stopped: bool,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The newest finalized slot.
    Finalized(u64),
    /// The produced slots of a range that was asked for, ascending.
    Listed {
        /// The range's last slot.
        to: u64,
        /// The slots with a block.
        slots: Vec<u64>,
    },
    /// A block that was asked for. Blocks may come in any order; they are read in that of their slots.
    Block(SlotBlock),
    /// As `Block`, of which the source could not read some transactions.
    Unreadable {
        /// The block without them.
        block: SlotBlock,
        /// Them.
        unreadable: Vec<UnreadableTransaction>,
    },
    /// The source says that a slot it had listed has no block.
    Skipped {
        /// The slot.
        slot: u64,
    },
    /// The source does not have a block that was asked for.
    Unavailable {
        /// The slot.
        slot: u64,
        /// The source's words.
        reason: String,
    },
    /// A block that was asked for cannot be understood.
    Undecodable {
        /// The slot.
        slot: u64,
        /// Why.
        reason: String,
    },
}

impl Input {
    /// What a source answered when it was asked for the block of a slot.
    ///
    /// # Errors
    /// The answer says nothing about the slot: the endpoint failed, or two disagree.
    pub fn fetched(slot: u64, answer: Result<BlockFetch, SourceError>) -> Result<Self, SourceError> {
        match answer {
            Ok(BlockFetch::Present(block)) => Ok(Self::Block(block)),
            Ok(BlockFetch::ClaimedSkipped) => Ok(Self::Skipped { slot }),
            Ok(BlockFetch::Unavailable { reason }) => Ok(Self::Unavailable { slot, reason }),
            Err(SourceError::UnreadableIn { block, unreadable }) => Ok(Self::Unreadable { block: *block, unreadable }),
            Err(SourceError::Undecodable { slot, reason }) => Ok(Self::Undecodable { slot, reason }),
            Err(error) => Err(error),
        }
    }
}

/// What to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask which slots have blocks.
    List {
        /// The first slot.
        from: u64,
        /// The last slot.
        to: u64,
    },
    /// Ask for these blocks. Given back in this order, none has to be kept until its turn.
    Fetch(Vec<u64>),
    /// Fold and store.
    Commit(Batch),
    /// Stand still and say why.
    Stop(Stop),
}

impl State {
    /// Continues after `tip`, or starts at slot `start`, on the cluster with this genesis hash.
    pub fn new(cluster: Hash, start: u64, tip: Option<Tip>) -> Self {
        Self {
            cluster,
            start,
            tip,
            finalized: 0,
            listed: None,
            listing: false,
            awaited: VecDeque::new(),
            early: BTreeMap::new(),
            aside: SetAside::new(),
            batch: Batch::default(),
            stopped: false,
        }
    }

    /// Sets these transactions aside where they cannot be read.
    #[must_use]
    pub fn setting_aside(self, aside: SetAside) -> Self {
        Self { aside, ..self }
    }

    fn next_slot(&self) -> u64 {
        self.tip.map_or(self.start, |tip| tip.slot.saturating_add(1))
    }

    /// The next question, if nothing is under way and there is something to ask.
    fn ask(&mut self) -> Option<Effect> {
        if self.listing || !self.awaited.is_empty() {
            return None;
        }
        let from = self.listed.map_or(self.next_slot(), |listed| listed.saturating_add(1)).max(self.next_slot());
        if from > self.finalized {
            // Ask again from the last block on: a server that lagged may have left some out.
            self.listed = None;
            return None;
        }
        self.listing = true;
        Some(Effect::List { from, to: self.finalized.min(from.saturating_add(LIST_SLOTS - 1)) })
    }

    /// Whether an input answers an open question, or is news.
    fn awaits(&self, input: &Input) -> bool {
        match input {
            Input::Finalized(_) => true,
            Input::Listed { .. } => self.listing,
            Input::Block(SlotBlock { slot, .. })
            | Input::Unreadable { block: SlotBlock { slot, .. }, .. }
            | Input::Skipped { slot }
            | Input::Unavailable { slot, .. }
            | Input::Undecodable { slot, .. } => self.awaited.binary_search(slot).is_ok(),
        }
    }

    fn flush(&mut self) -> Option<Effect> {
        let batch = std::mem::take(&mut self.batch);
        (!batch.is_empty()).then_some(Effect::Commit(batch))
    }

    /// Commits what is proven and stops.
    fn stop(&mut self, stop: Stop) -> Vec<Effect> {
        self.stopped = true;
        self.flush().into_iter().chain([Effect::Stop(stop)]).collect()
    }
}

/// Takes one input. After a [`Effect::Stop`] every input is ignored, and so is at any time an answer to
/// a question that is not open: one that comes twice, or late.
pub fn step(state: &mut State, input: Input) -> Vec<Effect> {
    if state.stopped || !state.awaits(&input) {
        return Vec::new();
    }
    match input {
        Input::Finalized(slot) => {
            state.finalized = state.finalized.max(slot);
            state.ask().into_iter().collect()
        }
        Input::Listed { to, slots } => {
            state.listing = false;
            state.listed = Some(to);
            let slots: BTreeSet<u64> = slots.into_iter().filter(|&slot| slot >= state.next_slot()).collect();
            state.awaited = slots.into_iter().collect();
            if state.awaited.is_empty() {
                return state.ask().into_iter().collect();
            }
            vec![Effect::Fetch(state.awaited.iter().copied().collect())]
        }
        Input::Block(block) => {
            state.early.entry(block.slot).or_insert((block, Vec::new()));
            read(state)
        }
        Input::Unreadable { block, unreadable } => {
            state.early.entry(block.slot).or_insert((block, unreadable));
            read(state)
        }
        Input::Skipped { slot } => state.stop(Stop::Contradiction { slot }),
        Input::Unavailable { slot, reason } => state.stop(Stop::Unavailable { slot, reason }),
        Input::Undecodable { slot, reason } => state.stop(Stop::Undecodable { slot, reason }),
    }
}

/// Reads the blocks that are there, up to the first that is not.
fn read(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some((block, unreadable)) = state.awaited.front().and_then(|slot| state.early.remove(slot)) {
        match take(state, block, unreadable) {
            Ok(more) => effects.extend(more),
            Err(stop) => {
                effects.extend(state.stop(stop));
                break;
            }
        }
    }
    effects
}

/// Takes the next block into the batch, if it proves its place and every event is known or set aside.
fn take(state: &mut State, mut block: SlotBlock, unreadable: Vec<UnreadableTransaction>) -> Result<Vec<Effect>, Stop> {
    proof::prove(state.start, state.tip, &block)?;
    let letters = aside::unreadable(&state.aside, unreadable)?;
    let mut read = aside::read(&state.cluster, &state.aside, block.slot, std::mem::take(&mut block.events))?;
    read.letters.extend(letters);
    state.awaited.pop_front();
    let first = state.next_slot();
    state.tip = Some(Tip { slot: block.slot, blockhash: block.blockhash });
    state.batch.push(first, &block, read);
    let mut effects = Vec::new();
    let full = state.batch.slots.len() >= BATCH_SLOTS || state.batch.events.len() >= BATCH_EVENTS;
    if full || state.awaited.is_empty() {
        effects.extend(state.flush());
    }
    effects.extend(state.ask());
    Ok(effects)
}

#[cfg(test)]
mod tests;
