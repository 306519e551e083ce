//! What can be missing, in the words that a person reads.

use mira_chain::event::AggregateKind;
use mira_core::Key;
use mira_store::model::{Ordinal, Signature};

use crate::convert::{base58, ordinal_text};

/// Holes that are named; the rest is counted.
const NAMED: usize = 20;

/// Something that is missing or does not fit. `Display` names it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hole {
    /// Slots without a row.
    #[error("slots {first} to {last} are not recorded")]
    Slots {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// Slots that are called skipped, and no block after them proves it.
    #[error("slots {first} to {last} are called skipped, and no later block proves it")]
    Unproved {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// A slot that is called skipped has a block, because another builds on it.
    #[error("slot {slot} is called skipped, but slot {by} builds on it")]
    NotSkipped {
        /// The slot.
        slot: u64,
        /// The one that builds on it.
        by: u64,
    },
    /// A block does not build on the one before it.
    #[error("slot {slot} builds on block {found} of slot {parent}, the ledger has {expected} at slot {at}")]
    Unlinked {
        /// The slot.
        slot: u64,
        /// The slot that it builds on.
        parent: u64,
        /// The last slot with a block before it.
        at: u64,
        /// That block's hash, base58.
        expected: String,
        /// The hash that it builds on, base58.
        found: String,
    },
    /// The first recorded slot is not the block below which slots were compacted.
    #[error(
        "slots before block {expected} of slot {slot} were compacted, but the first one recorded is {found} of slot {at}"
    )]
    Horizon {
        /// The horizon's slot.
        slot: u64,
        /// Its block's hash, base58.
        expected: String,
        /// The first recorded slot.
        at: u64,
        /// Its block's hash, base58.
        found: String,
    },
    /// The cursor names another block than the last one recorded.
    #[error("the cursor is at block {found}, the last recorded one is {expected}")]
    Cursor {
        /// The last recorded block's hash, base58.
        expected: String,
        /// The cursor's, base58.
        found: String,
    },
    /// There are slots, and no cursor that says how far they reach.
    #[error("slots are recorded from {first} on, and there is no cursor")]
    NoCursor {
        /// The first of them.
        first: u64,
    },
    /// An event of a slot that has no block.
    #[error("the event at {} lies in a slot without a recorded block", ordinal_text(.at))]
    NoBlock {
        /// Where it stands.
        at: Ordinal,
    },
    /// An event that this version cannot read.
    #[error("the event at {} cannot be read: {reason}", ordinal_text(.at))]
    Unreadable {
        /// Where it stands.
        at: Ordinal,
        /// What is unknown.
        reason: String,
    },
    /// Events of an aggregate that are not there.
    #[error("{} {}: events {first} to {last} are missing before slot {slot}", name(.kind), base58(.key))]
    Events {
        /// What it is.
        kind: AggregateKind,
        /// Its address.
        key: Key,
        /// The first number missing.
        first: u64,
        /// The last number missing.
        last: u64,
        /// The slot of the event after them.
        slot: u64,
    },
    /// An event of an aggregate comes again, or after a later one.
    #[error("{} {}: event {seq} of slot {slot} was there before", name(.kind), base58(.key))]
    Repeated {
        /// What it is.
        kind: AggregateKind,
        /// Its address.
        key: Key,
        /// The number.
        seq: u64,
        /// The slot in which it comes again.
        slot: u64,
    },
    /// A gap that was noted when it was seen.
    #[error("{first} to {last} were noted as missing: {reason}")]
    Noted {
        /// The first number.
        first: u64,
        /// The last number.
        last: u64,
        /// What was seen.
        reason: String,
    },
    /// A transaction that could not be read.
    #[error("transaction {} of slot {slot} was set aside: {reason}", solana_sdk::signature::Signature::from(*.signature))]
    SetAside {
        /// Its slot.
        slot: u64,
        /// Its first signature.
        signature: Signature,
        /// Why.
        reason: String,
    },
}

impl Hole {
    /// A name that does not change, for alerts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Slots { .. } => "slots_missing",
            Self::Unproved { .. } => "skip_unproved",
            Self::NotSkipped { .. } => "skip_false",
            Self::Unlinked { .. } => "parent_differs",
            Self::Horizon { .. } => "horizon_differs",
            Self::Cursor { .. } => "cursor_differs",
            Self::NoCursor { .. } => "no_cursor",
            Self::NoBlock { .. } => "event_without_block",
            Self::Unreadable { .. } => "event_unreadable",
            Self::Events { .. } => "events_missing",
            Self::Repeated { .. } => "event_repeated",
            Self::Noted { .. } => "gap_noted",
            Self::SetAside { .. } => "transaction_set_aside",
        }
    }
}

fn name(kind: &AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Network => "network",
        AggregateKind::Provider => "provider",
        AggregateKind::Job => "job",
        AggregateKind::Lease => "lease",
        AggregateKind::FeeShard => "fee shard",
        AggregateKind::Rewards => "rewards",
        AggregateKind::Dispute => "dispute",
    }
}

/// The first holes, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Holes {
    named: Vec<Hole>,
    count: u64,
}

impl Holes {
    pub(super) fn push(&mut self, hole: Hole) {
        self.count = self.count.saturating_add(1);
        if self.named.len() < NAMED {
            self.named.push(hole);
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn into_named(self) -> Vec<Hole> {
        self.named
    }
}
