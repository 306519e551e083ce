//! Where finalized events come from.
//!
//! [`BlockSource`] is what an indexer reads: it is implemented over plain JSON-RPC
//! ([`RpcSource`]), and tests implement it over recorded blocks. A source reports what it saw
//! and never decides that a slot is empty: the caller proves it by the parent links
//! ([`SlotBlock::parent_slot`] and [`SlotBlock::parent_blockhash`]).
//!
//! [`SignatureSource`] gives the same events from single transactions, where blocks are too dear. What
//! both say of their cluster is [`ClusterSource`].
//! [`Endpoints`] is either over several endpoints, of which some may be down, late or lying; what they
//! say together is pure ([`Agreement`], [`listed_by_any`]).

mod endpoints;
mod extract;
#[cfg(test)]
mod recorded;
mod rpc;
mod signatures;
mod unreadable;

pub use endpoints::{Agreement, Endpoints, Testimony, label, listed_by_any};
pub use extract::{program_transaction, slot_block};
pub use rpc::RpcSource;
pub use signatures::{
    Aggregates, ListedTransaction, MAX_SIGNATURES, ProgramTransaction, SignatureSource, TransactionFetch,
};
pub use unreadable::UnreadableTransaction;

use crate::event::RawEvent;
use async_trait::async_trait;
use mira_core::Hash;

/// One finalized block, reduced to what Mira needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotBlock {
    /// Its slot.
    pub slot: u64,
    /// The slot of the block it builds on: every slot between the two produced nothing.
    pub parent_slot: u64,
    /// Its hash.
    pub blockhash: Hash,
    /// The hash of the block it builds on.
    pub parent_blockhash: Hash,
    /// Unix seconds, where the cluster reports it.
    pub block_time: Option<i64>,
    /// How many transactions it holds, of any program.
    pub transactions: u32,
    /// How many calls looked like events and were not (see [`slot_block`]): ignored, worth an alert.
    pub forged: u32,
    /// The program's events in execution order.
    pub events: Vec<RawEvent>,
}

/// What a source says of one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockFetch {
    /// The slot has this finalized block.
    Present(SlotBlock),
    /// The source says that the slot has no block. Only the parent links prove it.
    ClaimedSkipped,
    /// The source cannot say now, or no longer.
    Unavailable {
        /// The source's own words.
        reason: String,
    },
}

/// Why a source failed.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The endpoint failed, after the retries.
    #[error("block source: {0}")]
    Rpc(#[from] crate::rpc::RpcError),
    /// A block whose content cannot be understood completely. Skipping it would lose events.
    #[error("slot {slot} cannot be decoded: {reason}")]
    Undecodable {
        /// The slot.
        slot: u64,
        /// The part that could not be decoded, and where.
        reason: String,
    },
    /// A block with transactions that cannot be understood. Skipping them would lose events.
    #[error("{}", .unreadable.first().map(ToString::to_string).unwrap_or_default())]
    UnreadableIn {
        /// The block without them.
        block: Box<SlotBlock>,
        /// Them: at least one.
        unreadable: Vec<UnreadableTransaction>,
    },
    /// As `UnreadableIn`, for a transaction that was asked for alone.
    #[error(transparent)]
    Unreadable(Box<UnreadableTransaction>),
    /// Two endpoints tell different stories, and only a person can find out which one lies.
    #[error("{first} and {second} disagree about {what}")]
    Disagreement {
        /// What they were asked.
        what: String,
        /// An endpoint's label.
        first: String,
        /// The other's.
        second: String,
    },
}

/// What a source says of its cluster.
#[async_trait]
pub trait ClusterSource: Send + Sync {
    /// The cluster's genesis hash: its identity.
    async fn genesis_hash(&self) -> Result<Hash, SourceError>;

    /// The newest finalized slot.
    async fn finalized_slot(&self) -> Result<u64, SourceError>;

    /// The oldest slot that this source still has.
    async fn first_available_slot(&self) -> Result<u64, SourceError>;
}

/// A source of finalized blocks.
#[async_trait]
pub trait BlockSource: ClusterSource {
    /// Finalized slots with a block in `from..=to`, ascending. `to - from` is at most
    /// [`MAX_SLOT_RANGE`]; a longer range is cut to it.
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError>;

    /// One finalized slot.
    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError>;

    /// Confirmed slots with a block in `from..=to`, ascending, as of now: a fork may discard them. None
    /// where the source knows of final blocks only.
    async fn confirmed_slots(&self, _from: u64, _to: u64) -> Result<Vec<u64>, SourceError> {
        Ok(Vec::new())
    }

    /// One confirmed slot.
    async fn confirmed_block(&self, _slot: u64) -> Result<BlockFetch, SourceError> {
        Ok(BlockFetch::Unavailable { reason: "this source knows of final blocks only".to_owned() })
    }
}

/// The longest range that [`BlockSource::produced_slots`] asks for: far under what RPC servers
/// permit (500,000), and an answer of some tens of kilobytes.
pub const MAX_SLOT_RANGE: u64 = 5_000;
