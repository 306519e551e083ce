//! The file of a backup: everything that the chain cannot give again, in one form for both engines.
//!
//! ```text
//! magic, version, chain hash 0
//! frame: kind (1 byte), length (4 bytes), payload, chain hash (32 bytes)
//!   head    the stream, its cursor's slot, the schema's number and the hash of the projections
//!   table   a table's name and columns; its rows follow
//!   rows    up to [`PAGE`] rows
//!   end     how many rows there were
//! ```
//!
//! Numbers are big-endian. A row's values are those that the state hash is made of
//! ([`Value::canonical`](crate::row::Value)), so that the same rows give the same bytes on either engine. Each
//! frame's hash covers it and the hash before it: a changed, missing, doubled or moved frame is found where it
//! is, before anything of it is used, and a file without an end frame was cut off.
//!
//! Deliberately absent: the projections, which are folded again from the events, and compression, which any
//! tool adds.

mod error;
mod reader;
mod value;
mod writer;

pub use error::BackupError;
pub(crate) use reader::{Frame, Payload, Reader};
pub(crate) use value::take_row;
pub(crate) use writer::Writer;

use mira_core::Hash;

use crate::row::row;

/// How a file begins.
const MAGIC: &[u8; 12] = b"mira backup\n";
/// The version of the form.
const VERSION: u32 = 1;
/// Rows of one frame, and so what is held in memory at a time.
pub(crate) const PAGE: u32 = 256;
/// The longest payload: a page of the largest rows that the store takes stays far below.
const MAX_FRAME_BYTES: u32 = 1 << 30;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// [`BackupHead`].
    Head = 1,
    /// [`Begin`].
    Table = 2,
    /// Rows of the table.
    Rows = 3,
    /// [`End`].
    End = 4,
}

impl Part {
    fn from_code(code: u8) -> Option<Self> {
        [Self::Head, Self::Table, Self::Rows, Self::End].into_iter().find(|part| *part as u8 == code)
    }
}

row! {
    /// What a backup is of.
    pub struct BackupHead in "backup" keyed 0 {
        /// The stream whose cursor and projections it names.
        pub stream: String,
        /// The number of the newest migration of the version that wrote it.
        pub schema: u64,
        /// When it was made, unix milliseconds of that host.
        pub made_ms: i64,
        /// The cursor's slot; `None` if nothing was indexed.
        pub slot: Option<u64>,
        /// The hash of the live projections at that slot: folding the events must give it again.
        pub state_hash: Hash,
        /// How many rows that hash covers.
        pub state_rows: u64,
    }
}

row! {
    /// The beginning of a table.
    pub(crate) struct Begin in "table" keyed 1 {
        /// The table's name.
        pub name: String,
        /// Its columns' names, as a statement lists them.
        pub columns: String,
    }
}

row! {
    /// The end of the file.
    pub(crate) struct End in "end" keyed 0 {
        /// How many rows came before.
        pub rows: u64,
    }
}

#[cfg(test)]
mod tests;
