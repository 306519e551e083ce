//! Why an event cannot be folded. Every one of these stops the indexer: a guess would be wrong for ever.

use mira_core::Error as Broken;
use mira_store::model::{Ordinal, ProjectionKey};

use crate::convert::{base58, key_text, ordinal_text};

/// An event that does not fit the state that the events before it gave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} at {}: {cause}", ordinal_text(.at))]
pub struct FoldError {
    /// Where the event stands.
    pub at: Ordinal,
    /// The event's name in the program.
    pub event: &'static str,
    /// What does not fit.
    pub cause: Cause,
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// An event of the aggregate is missing, or this one was folded before.
    #[error("{} continues at seq {expected}, the event has seq {found}: an event is missing; check the start slot and the endpoint", row(.key))]
    SeqGap {
        /// The aggregate's row.
        key: ProjectionKey,
        /// The number that must come next.
        expected: u64,
        /// The number that the event has.
        found: u64,
    },
    /// Two events of one slot claim the same number of an aggregate, or each needs the other first.
    #[error("the slot's events contradict each other about {}; check the endpoint", base58(.key))]
    Contradiction {
        /// The aggregate's address.
        key: [u8; 32],
    },
    /// The event names an account that no event created.
    #[error("{} is not known; check the start slot", row(.key))]
    Unknown {
        /// The row that should exist.
        key: ProjectionKey,
    },
    /// What the event says differs from what the events before it say.
    #[error("{field} is {chain} in the event and {ours} in the index; run `mira rebuild`, then report it")]
    Disagrees {
        /// The field.
        field: &'static str,
        /// The event's value.
        chain: String,
        /// The value that was expected.
        ours: String,
    },
    /// A code or rate that this version does not know.
    #[error("{field} has the unknown value {value}: upgrade")]
    UnknownValue {
        /// The field.
        field: &'static str,
        /// What the event holds.
        value: u64,
    },
    /// The event's amounts break the protocol's arithmetic.
    #[error("{0}")]
    Books(#[from] Broken),
}

fn row(key: &ProjectionKey) -> String {
    format!("{} {}", key.table().name(), key_text(key))
}

/// Demands that an event says what the state says.
pub(super) fn agree<T>(field: &'static str, chain: T, ours: T) -> Result<(), Cause>
where
    T: PartialEq + std::fmt::Debug,
{
    if chain == ours {
        Ok(())
    } else {
        Err(Cause::Disagrees { field, chain: format!("{chain:?}"), ours: format!("{ours:?}") })
    }
}
