//! The program's transactions one by one: for public endpoints, where every full block is too dear.
//!
//! [`SignatureSource`] lists what names the program, newest first, and hands out single transactions.
//! Nothing in a list proves that it is whole, as parent links do for blocks: the caller shows it by the
//! numbers of each aggregate's events, and by [`SignatureSource::aggregates`] for those of which it
//! has no event at all.

mod rpc;

use super::{ClusterSource, SourceError};
use crate::event::{AggregateKind, RawEvent};
use async_trait::async_trait;
use mira_core::Key;

/// The most transactions that one [`SignatureSource::signatures`] may ask for.
pub const MAX_SIGNATURES: u16 = 1_000;

/// A line of the program's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedTransaction {
    /// The transaction's first signature.
    pub signature: [u8; 64],
    /// The slot of its block.
    pub slot: u64,
    /// It failed, so it has no events.
    pub failed: bool,
}

/// One finalized transaction, reduced to what Mira needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramTransaction {
    /// Its first signature.
    pub signature: [u8; 64],
    /// The slot of its block.
    pub slot: u64,
    /// Unix seconds, where the cluster reports it.
    pub block_time: Option<i64>,
    /// How many calls looked like events and were not: ignored, worth an alert.
    pub forged: u32,
    /// The program's events in execution order.
    pub events: Vec<RawEvent>,
}

/// What a source says of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionFetch {
    /// It is finalized.
    Present(ProgramTransaction),
    /// The source cannot say now, or no longer.
    Unavailable {
        /// The source's own words.
        reason: String,
    },
}

/// The program's accounts that number their own events, at one slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregates {
    /// The slot that the source names; some servers show accounts newer than it.
    pub slot: u64,
    /// What and where they are, in no order.
    pub keys: Vec<(AggregateKind, Key)>,
}

/// A source of the program's finalized transactions.
#[async_trait]
pub trait SignatureSource: ClusterSource {
    /// Transactions that name the program, newest first, from a server that has finalized slot `at`;
    /// with `before`, those older than it. At most `limit`, which is at most [`MAX_SIGNATURES`].
    ///
    /// Slots newer than `at` may be among them, and not completely.
    async fn signatures(
        &self,
        at: u64,
        before: Option<[u8; 64]>,
        limit: u16,
    ) -> Result<Vec<ListedTransaction>, SourceError>;

    /// One finalized transaction. `slot` is where it was listed, for messages.
    async fn transaction(&self, signature: [u8; 64], slot: u64) -> Result<TransactionFetch, SourceError>;

    /// Which accounts the program has that number their events.
    async fn aggregates(&self) -> Result<Aggregates, SourceError>;
}
