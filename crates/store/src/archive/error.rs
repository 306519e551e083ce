//! Why a backup cannot be written or restored.

use std::io;

/// What is wrong with a backup or with where it goes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file system said no.
    #[error("the backup's file: {0}")]
    File(#[from] io::Error),
    /// Some other file.
    #[error("this is no backup of mira: name a file that `mira backup` wrote")]
    Foreign,
    /// The form, the schema or a table of a later version.
    #[error("the backup was written by a newer version of mira ({what}): restore it with that version")]
    Newer {
        /// What this version does not know.
        what: String,
    },
    /// A table had other columns when the backup was written.
    #[error(
        "table {table} had other columns when the backup was written: restore it with the version of mira that wrote it, and open that database with this one"
    )]
    Older {
        /// The table.
        table: String,
    },
    /// The bytes are not those that were written.
    #[error("the backup is damaged at byte {at} ({why}): nothing was restored, use another copy")]
    Damaged {
        /// Where the frame that does not verify begins.
        at: u64,
        /// What is wrong.
        why: String,
    },
    /// The end is missing.
    #[error("the backup was cut off at byte {at}: nothing was restored, use another copy")]
    CutOff {
        /// Where the file ends.
        at: u64,
    },
    /// Rows would be mixed with those of another index.
    #[error("table {table} of the target has rows: restore into a new, empty database")]
    NotEmpty {
        /// The table.
        table: &'static str,
    },
    /// The events do not give the projections that were live when the backup was made.
    #[error(
        "folding the events gives state {folded}, the backup names {named}: this version of mira folds otherwise than the one that wrote it; restore with that version, or run `mira rebuild` at the source and make a new backup"
    )]
    OtherState {
        /// The hash that came out, hex.
        folded: String,
        /// The hash in the file, hex.
        named: String,
    },
}
