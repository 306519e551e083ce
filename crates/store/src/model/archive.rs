//! What a backup held, and where a compacted ledger begins.

use mira_core::Hash;

use super::Cursor;
use crate::archive::BackupHead;
use crate::row::row;

/// What was written into a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// What it is of.
    pub head: BackupHead,
    /// The file's size in bytes.
    pub bytes: u64,
    /// Rows in it.
    pub rows: u64,
}

/// A backup that was read into an empty database, whose projections are not folded yet: until they are,
/// the database has no cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it is of.
    pub head: BackupHead,
    /// The cursors, kept back until the projections stand.
    pub cursors: Vec<Cursor>,
    /// Rows written.
    pub rows: u64,
}

row! {
    /// Where a ledger's recorded slots begin since older ones were compacted.
    pub struct Horizon in "ledger_horizon" keyed 1 {
        /// The stream whose ledger it is.
        pub stream: String,
        /// The first slot that was ever recorded.
        pub first: u64,
        /// The oldest block that is still recorded.
        pub slot: u64,
        /// Its hash.
        pub blockhash: Hash,
        /// Slots below it that were recorded and proven, and are no more.
        pub slots: u64,
        /// Those of them without a block.
        pub skipped: u64,
        /// When they were compacted last, unix milliseconds of that host.
        pub at_ms: i64,
    }
}
