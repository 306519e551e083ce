//! What a database call can fail with, and what to do about it.

use crate::archive::BackupError;

/// The result of every call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure of the store. "Not found" is none of them: it is `None`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL names no engine that exists.
    #[error("cannot open {url:?}: use sqlite:PATH or postgres://USER@HOST/DATABASE")]
    UnknownScheme {
        /// The scheme only, never the credentials.
        url: String,
    },
    /// The database could not be opened or migrated.
    #[error("cannot open the {engine} database: {source}; check that it exists and may be written")]
    Open {
        /// `sqlite` or `postgres`.
        engine: &'static str,
        /// What the driver said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database's disk is full. What was to be written was not, in no part.
    #[error(
        "no room is left for the database {place} (while trying to {doing}): free space on its disk, then writing goes on by itself; nothing that was acknowledged is lost ({source})"
    )]
    Full {
        /// The file, or the server's database.
        place: String,
        /// What the store was doing.
        doing: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The driver failed: the connection was lost, a constraint was broken.
    #[error("database error while trying to {doing}: {source}")]
    Database {
        /// What the store was doing.
        doing: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A row holds what this version never writes. Nothing was changed; restore or rebuild.
    #[error("corrupt row in table {table}, column {column}, key {key}: {why}; run `mira rebuild` or restore a backup")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// The row's key, hex where it is bytes.
        key: String,
        /// What is wrong.
        why: String,
    },
    /// A number that the column cannot hold.
    #[error("value {value} does not fit into a column of 64 bits with sign")]
    OutOfRange {
        /// The number.
        value: u64,
    },
    /// Something is larger than the store accepts.
    #[error("{what} has {size} bytes, the limit is {limit}; send less")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Another writer took the stream over; this one must stop.
    #[error(
        "stream {stream} is at fence {current}, this writer holds {held}: another indexer took over, stop this one"
    )]
    StaleFence {
        /// The stream.
        stream: String,
        /// What the caller holds.
        held: u64,
        /// What the database holds.
        current: u64,
    },
    /// Another dispatcher took the log over; this one writes no more.
    #[error("the dispatch log is at fence {current}, this writer holds {held}: another dispatcher took over")]
    StaleDispatcher {
        /// What the caller holds.
        held: u64,
        /// What the database holds.
        current: u64,
    },
    /// The cursor is not where the caller thinks.
    #[error("the cursor of stream {stream} is at {found:?}, expected {expected:?}: read it again and retry")]
    CursorMoved {
        /// The stream.
        stream: String,
        /// The slot that the caller expected.
        expected: Option<u64>,
        /// The slot that the database holds.
        found: Option<u64>,
    },
    /// A projection row did not advance: its event was folded before, or out of order.
    #[error(
        "table {table}, key {key}: offered seq {offered}, stored seq {stored:?}; the fold is out of order, run `mira rebuild`"
    )]
    SeqGap {
        /// The table.
        table: &'static str,
        /// The row's key in hex.
        key: String,
        /// The seq of the row that was offered.
        offered: u64,
        /// The seq of the row that is stored.
        stored: Option<u64>,
    },
    /// Something that must be new exists already. Nothing was written.
    #[error("a row of table {table} exists already: the same thing was written twice, or another writer is at work")]
    Conflict {
        /// The table.
        table: &'static str,
    },
    /// The caller broke a precondition; nothing was written.
    #[error("invalid write: {0}")]
    Invalid(String),
    /// A backup cannot be written or restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
}
