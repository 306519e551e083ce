//! The append-only ledger and what moves with it.

use mira_core::Hash;

use super::{Ordinal, Projection, SlotState};
use crate::row::row;

row! {
    /// A slot the cursor has passed.
    pub struct ChainSlot in "chain_slot" keyed 1 {
        /// The slot.
        pub slot: u64,
        /// Whether there is a block.
        pub state: SlotState,
        /// The parent's slot; 0 for a skipped slot.
        pub parent_slot: u64,
        /// The block's hash; zero for a skipped slot.
        pub blockhash: Hash,
        /// The parent's hash; zero for a skipped slot.
        pub parent_blockhash: Hash,
        /// Unix seconds, if the cluster knows.
        pub block_time: Option<i64>,
    }
}

row! {
    /// An event as the chain recorded it. Never changed, never deleted.
    pub struct RawEvent in "raw_event" keyed 4 {
        /// Where it stands. Unique, and so is its `id()`.
        pub ord: Ordinal,
        /// Unix seconds of its block.
        pub block_time: Option<i64>,
        /// Which event.
        pub discriminator: [u8; 8],
        /// The version of its layout.
        pub schema: u8,
        /// Its encoded body.
        pub payload: Vec<u8>,
    }
}

row! {
    /// How far a stream was read.
    pub struct Cursor in "cursor" keyed 1 {
        /// The stream's name.
        pub stream: String,
        /// The writer that may advance it.
        pub fence: u64,
        /// The last slot read; `None` before the first.
        pub slot: Option<u64>,
        /// That slot's block hash, or the newest one before it if it was skipped; [`NO_BLOCKHASH`] where
        /// blocks were not read.
        pub blockhash: Option<Hash>,
        /// The writer's sign of life: it grows while the writer is there. `None` while nobody holds the stream.
        pub beat: Option<u64>,
    }
}

/// The block hash of a cursor that was moved by single transactions: they name none.
pub const NO_BLOCKHASH: Hash = [0; 32];

/// The right to advance a stream, until the next writer claims it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The stream's name.
    pub stream: String,
    /// What `Ledger::claim` or `Ledger::take_over` gave.
    pub fence: u64,
    /// Where the caller believes the cursor stands.
    pub at: Option<u64>,
}

/// What one transaction writes: everything of these slots, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotCommit {
    /// The right to do so, and where the cursor stands before.
    pub claim: Claim,
    /// The slots, ascending.
    pub slots: Vec<ChainSlot>,
    /// Their events; each must be new.
    pub events: Vec<RawEvent>,
    /// New versions of whole rows, each key at most once; `seq` must be larger than the stored one.
    pub writes: Vec<Projection>,
    /// Transactions of these slots that could not be read.
    pub dead_letters: Vec<DeadLetter>,
    /// The cursor's new slot, at or after the last of `slots`.
    pub slot: u64,
    /// The newest block hash at or before `slot`.
    pub blockhash: Hash,
}

row! {
    /// A transaction that is known to be unreadable, with its bytes.
    pub struct DeadLetter in "dead_letter" keyed 1 {
        /// The transaction.
        pub signature: super::Signature,
        /// Its slot.
        pub slot: u64,
        /// Why it was set aside.
        pub reason: String,
        /// What was received.
        pub bytes: Vec<u8>,
        /// When, on this host's clock.
        pub recorded_ms: i64,
    }
}

row! {
    /// A range of slots, or of an aggregate's events, that is missing.
    pub struct Gap in "gap" keyed 2 {
        /// What is missing: `slots`, or an aggregate's key for its events.
        pub subject: Vec<u8>,
        /// The first number missing.
        pub first: u64,
        /// The last number missing.
        pub last: u64,
        /// What was seen.
        pub reason: String,
        /// When it was noticed, on this host's clock.
        pub found_ms: i64,
    }
}

/// The subject of a [`Gap`] in the slots themselves.
pub const SLOTS: &[u8] = b"slots";
