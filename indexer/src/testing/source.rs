//! A source that answers from memory, as well or as badly as a test wants.

mod signatures;

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use mira_chain::event::RawEvent;
use mira_chain::rpc::RpcError;
use mira_chain::source::{BlockFetch, BlockSource, ClusterSource, SlotBlock, SourceError, UnreadableTransaction};
use mira_core::Hash;

/// Blocks by slot, and what goes wrong.
#[derive(Debug, Default)]
pub struct FakeSource {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    cluster: Hash,
    blocks: BTreeMap<u64, SlotBlock>,
    /// Blocks above them that are not final.
    confirmed: BTreeMap<u64, SlotBlock>,
    /// Slots that are left out of lists, and what happened in them too.
    hidden: Vec<u64>,
    /// What is answered instead of a block.
    answers: BTreeMap<u64, BlockFetch>,
    undecodable: Option<u64>,
    /// What cannot be read of the blocks.
    unreadable: Option<UnreadableTransaction>,
    down: bool,
}

/// The hash of a block that became final.
pub(crate) fn hash(slot: u64) -> Hash {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&slot.to_le_bytes());
    hash
}

/// A block over another one, both final.
pub(crate) fn block(slot: u64, parent_slot: u64) -> SlotBlock {
    SlotBlock {
        slot,
        parent_slot,
        blockhash: hash(slot),
        parent_blockhash: hash(parent_slot),
        block_time: Some(1),
        transactions: 1,
        forged: 0,
        events: Vec::new(),
    }
}

impl FakeSource {
    /// No block yet.
    pub fn new(cluster: Hash) -> Self {
        Self { state: Mutex::new(State { cluster, ..State::default() }) }
    }

    /// Adds a block on top of the newest one.
    pub fn block(&self, slot: u64, events: Vec<RawEvent>) {
        let mut state = self.state.lock().unwrap();
        let parent_slot = state.blocks.keys().next_back().copied().unwrap_or(slot.saturating_sub(1));
        state.blocks.insert(slot, SlotBlock { events, ..block(slot, parent_slot) });
    }

    /// Puts a confirmed block on top of the newest final one, in the place of all others.
    pub fn confirm(&self, slot: u64, fork: u8, events: Vec<RawEvent>) {
        let mut state = self.state.lock().unwrap();
        let parent_slot = state.blocks.keys().next_back().copied().unwrap();
        let mut block = SlotBlock { events, ..block(slot, parent_slot) };
        block.blockhash[31] = fork;
        state.confirmed = BTreeMap::from([(slot, block)]);
    }

    /// Changes a block that exists.
    pub fn change(&self, slot: u64, change: impl FnOnce(&mut SlotBlock)) {
        change(self.state.lock().unwrap().blocks.get_mut(&slot).unwrap());
    }

    /// Leaves a slot out of lists, or no longer.
    pub fn hide(&self, slots: &[u64]) {
        self.state.lock().unwrap().hidden = slots.to_vec();
    }

    /// Answers this for a slot; `None` is its block again.
    pub fn answer(&self, slot: u64, answer: Option<BlockFetch>) {
        let mut state = self.state.lock().unwrap();
        match answer {
            Some(answer) => state.answers.insert(slot, answer),
            None => state.answers.remove(&slot),
        };
    }

    /// Adds a transaction to its block that cannot be read.
    pub fn spoil(&self, transaction: UnreadableTransaction) {
        self.state.lock().unwrap().unreadable = Some(transaction);
    }

    /// Makes a block one that cannot be understood.
    pub fn undecodable(&self, slot: u64) {
        self.state.lock().unwrap().undecodable = Some(slot);
    }

    /// Answers nothing any more, or again.
    pub fn set_down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    /// Becomes another cluster's.
    pub fn set_cluster(&self, cluster: Hash) {
        self.state.lock().unwrap().cluster = cluster;
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> Result<T, SourceError> {
        let state = self.state.lock().unwrap();
        if state.down {
            let reason = "connection refused".to_owned();
            return Err(RpcError::Unreachable { method: "any", reason }.into());
        }
        Ok(read(&state))
    }
}

#[async_trait]
impl ClusterSource for FakeSource {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        self.read(|state| state.cluster)
    }

    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        self.read(|state| state.blocks.keys().next_back().copied().unwrap_or(0))
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        self.read(|state| state.blocks.keys().next().copied().unwrap_or(0))
    }
}

#[async_trait]
impl BlockSource for FakeSource {
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.read(|state| {
            let slots = state.blocks.range(from..=to).map(|(slot, _)| *slot);
            slots.filter(|slot| !state.hidden.contains(slot)).collect()
        })
    }

    async fn confirmed_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.read(|state| state.confirmed.range(from..=to).map(|(slot, _)| *slot).collect())
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.read(|state| state.confirmed.get(&slot).cloned().map_or(BlockFetch::ClaimedSkipped, BlockFetch::Present))
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.read(|state| {
            if state.undecodable == Some(slot) {
                return Err(SourceError::Undecodable { slot, reason: "version 1".to_owned() });
            }
            if let Some(answer) = state.answers.get(&slot) {
                return Ok(answer.clone());
            }
            match (state.blocks.get(&slot).cloned(), &state.unreadable) {
                (Some(block), Some(transaction)) if transaction.slot == slot => {
                    Err(SourceError::UnreadableIn { block: Box::new(block), unreadable: vec![transaction.clone()] })
                }
                (block, _) => Ok(block.map_or(BlockFetch::ClaimedSkipped, BlockFetch::Present)),
            }
        })?
    }
}
