//! What is told of a gang.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

/// Something became of a gang.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Note {
    /// Its job.
    pub job: Key,
    /// What became of it.
    pub what: What,
}

/// What can become of a gang.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum What {
    /// It claims slots and runs nothing.
    Reserved {
        /// Slots that it claims.
        members: u16,
        /// Members that are still to be found.
        missing: u16,
        /// When all of it is released. Unix milliseconds.
        until_ms: u64,
    },
    /// All its leases are open and all its slots are its own: shards go out.
    Started {
        /// The providers by rank.
        members: Vec<Key>,
    },
    /// Nothing was started and nothing is claimed any more.
    Released(Cause),
    /// It ran and stopped as a whole: its unfinished shards wait.
    Stopped {
        /// The member that was lost.
        lost: Key,
    },
    /// Its job is complete or ended.
    Left,
}

/// Why a reservation was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Cause {
    /// Its time limit passed.
    LimitPassed,
    /// This member was lost before the start.
    MemberLost(Key),
    /// There are not enough providers for it any more.
    NoCandidate,
}
