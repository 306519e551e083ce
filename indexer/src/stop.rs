//! Why the cursor stands still. The indexer never skips what it cannot prove or understand.

use mira_chain::event::{DecodeError, EventId};
use mira_chain::source::SourceError;
use mira_core::Hash;
use mira_store::model::ProjectionKey;
use solana_sdk::signature::Signature;

use crate::apply::{CODE_VERSION, FoldError};
use crate::convert::{base58, key_text};

/// A reason to stop. `Display` says what was seen and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// A block whose content is not understood completely.
    #[error("slot {slot} cannot be decoded: {reason}; upgrade, or use another endpoint")]
    Undecodable {
        /// Its slot.
        slot: u64,
        /// Which part, and why.
        reason: String,
    },
    /// A transaction that is not understood, of a block whose others are.
    #[error(
        "transaction {} in slot {slot} cannot be read: {reason}; upgrade, or use another endpoint; if it is known to concern nothing of the network, --set-aside {} records it and goes on",
        Signature::from(*.signature), Signature::from(*.signature)
    )]
    Unreadable {
        /// Its slot.
        slot: u64,
        /// Its first signature.
        signature: [u8; 64],
        /// Which part, and why.
        reason: String,
    },
    /// An event of an unknown kind or layout.
    #[error(
        "event {id} in slot {slot}: {reason}; if its transaction is known to concern nothing of the network, --set-aside {} records it and goes on",
        Signature::from(.id.signature)
    )]
    UnknownEvent {
        /// Its slot.
        slot: u64,
        /// Which event.
        id: EventId,
        /// What is unknown about it.
        reason: DecodeError,
    },
    /// The endpoint left out a slot that has a block.
    #[error(
        "slot {slot} builds on slot {parent}, which the endpoint did not list after slot {after}: it skipped a block"
    )]
    UnprovedSkip {
        /// The last slot that was read.
        after: u64,
        /// The next slot that the endpoint gave.
        slot: u64,
        /// The slot that it builds on.
        parent: u64,
    },
    /// The first block does not show that none came before it.
    #[error(
        "slot {slot} builds on slot {parent}: the endpoint does not have the blocks from slot {start} on; start at a later slot or use one that has them"
    )]
    NoStart {
        /// The slot to start at.
        start: u64,
        /// The first slot that the endpoint gave.
        slot: u64,
        /// The slot that it builds on.
        parent: u64,
    },
    /// A finalized block does not build on the one that was read.
    #[error(
        "slot {slot} builds on block {found} of slot {parent}, the index has {expected} at slot {at}: the endpoint follows another chain"
    )]
    Fork {
        /// The slot.
        slot: u64,
        /// The slot that it builds on.
        parent: u64,
        /// The last slot that was read.
        at: u64,
        /// The hash that was read there, base58.
        expected: String,
        /// The hash that the block builds on, base58.
        found: String,
    },
    /// The endpoint lists a slot and says that it has no block.
    #[error("the endpoint lists slot {slot} as produced and calls it skipped")]
    Contradiction {
        /// The slot.
        slot: u64,
    },
    /// The endpoint has no answer about a slot.
    #[error("slot {slot} is not available: {reason}; use an endpoint that keeps it")]
    Unavailable {
        /// The slot.
        slot: u64,
        /// The endpoint's words.
        reason: String,
    },
    /// The endpoint belongs to another cluster.
    #[error(
        "the endpoint's genesis hash is {found}, the network belongs to {expected}: point the indexer at the right cluster or database"
    )]
    WrongCluster {
        /// Base58.
        expected: String,
        /// Base58.
        found: String,
    },
    /// An event does not fit the state.
    #[error("{0}")]
    Fold(#[from] Box<FoldError>),
    /// As [`Stop::Fold`], where the endpoint lists the program's transactions and may have left one out.
    #[error("the endpoint's list of transactions is not whole: {0}")]
    Incomplete(Box<FoldError>),
    /// As [`Stop::Fold`] or [`Stop::Incomplete`], after transactions were set aside.
    #[error(
        "{stop}; {letters} transactions were set aside: if what is missing was in one of them, index anew, from the program's first slot, with a version that reads it"
    )]
    LostAside {
        /// What does not fit.
        stop: Box<Stop>,
        /// How many.
        letters: u64,
    },
    /// The program has an account of which no event was seen.
    #[error(
        "the chain has the {} {}, of which no transaction was listed; check the start slot, and index anew from an endpoint that keeps the whole history",
        .key.table().name(), key_text(.key)
    )]
    NeverSeen {
        /// The row that should exist.
        key: ProjectionKey,
    },
    /// Two endpoints tell different stories.
    #[error(
        "{first} and {second} disagree about {what}: find out which one follows the cluster and leave the other out"
    )]
    Disagreement {
        /// What they were asked.
        what: String,
        /// An endpoint's label.
        first: String,
        /// The other's.
        second: String,
    },
    /// Another version of the code folded the rows.
    #[error(
        "the rows were folded by {}, this is version {CODE_VERSION}: {}",
        .found.map_or("a version before the third".to_owned(), |found| format!("version {found} of the fold")),
        if .found.is_some_and(|found| found > CODE_VERSION) { "upgrade" } else { "stop every indexer of this database, run `mira rebuild`, and start again" }
    )]
    OtherVersion {
        /// Which; `None` if it did not say.
        found: Option<u32>,
    },
}

/// What a source said that stops the cursor; any other failure of a source is given back.
impl TryFrom<SourceError> for Stop {
    type Error = SourceError;

    fn try_from(error: SourceError) -> Result<Self, SourceError> {
        match error {
            SourceError::Disagreement { what, first, second } => Ok(Self::Disagreement { what, first, second }),
            error => Err(error),
        }
    }
}

impl Stop {
    /// A name that does not change, for alerts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Undecodable { .. } => "undecodable_block",
            Self::Unreadable { .. } => "unreadable_transaction",
            Self::UnknownEvent { .. } => "unknown_event",
            Self::UnprovedSkip { .. } => "unproved_skip",
            Self::NoStart { .. } => "no_start",
            Self::Fork { .. } => "fork",
            Self::Contradiction { .. } => "contradiction",
            Self::Unavailable { .. } => "unavailable_slot",
            Self::WrongCluster { .. } => "wrong_cluster",
            Self::Fold(_) => "event_does_not_fit",
            Self::Incomplete(_) => "incomplete_history",
            Self::LostAside { .. } => "lost_with_set_aside",
            Self::NeverSeen { .. } => "aggregate_never_seen",
            Self::Disagreement { .. } => "endpoints_disagree",
            Self::OtherVersion { .. } => "other_version",
        }
    }

    /// Whether the same question may get a better answer later, from a server that lags or one
    /// behind the same address. The cursor stands still until then. Anything else needs a person.
    pub fn asks_again(&self) -> bool {
        match self {
            Self::LostAside { stop, .. } => stop.asks_again(),
            Self::UnprovedSkip { .. }
            | Self::NoStart { .. }
            | Self::Contradiction { .. }
            | Self::Unavailable { .. }
            | Self::Incomplete(_) => true,
            _ => false,
        }
    }

    pub(crate) fn wrong_cluster(expected: &Hash, found: &Hash) -> Self {
        Self::WrongCluster { expected: base58(expected), found: base58(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_another_answer_can_settle_is_asked_again() {
        assert!(Stop::Contradiction { slot: 1 }.asks_again());
        assert!(!Stop::Undecodable { slot: 1, reason: String::new() }.asks_again());
        let [what, first, second] = ["slot 1: its hash", "a:1", "b:2"].map(str::to_owned);
        assert!(!Stop::Disagreement { what, first, second }.asks_again());
        assert_eq!(Stop::Contradiction { slot: 1 }.code(), "contradiction");
    }

    #[test]
    fn rows_of_another_version_say_what_to_do() {
        let older = Stop::OtherVersion { found: None }.to_string();
        assert!(older.starts_with("the rows were folded by a version before the third,"), "{older}");
        assert!(older.contains("run `mira rebuild`"), "{older}");
        let newer = Stop::OtherVersion { found: Some(u32::MAX) }.to_string();
        assert!(newer.ends_with(": upgrade"), "{newer}");
        assert!(!Stop::OtherVersion { found: Some(2) }.asks_again());
    }

    #[test]
    fn an_aggregate_that_was_never_seen_is_named() {
        let stop = Stop::NeverSeen { key: ProjectionKey::Job { job: [0; 32] } };
        assert!(stop.to_string().starts_with("the chain has the job 11111111111111111111111111111111,"), "{stop}");
    }
}
