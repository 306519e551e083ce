//! Backups.

use std::io::{Read, Write};

use async_trait::async_trait;

use crate::Result;
use crate::model::{BackedUp, Restored};

/// Everything that the chain cannot give again, as one file. See [`crate::archive`].
#[async_trait]
pub trait Archive {
    /// Writes all tables that are not folded from events, in one snapshot, while others read and write.
    /// Memory: one page of rows.
    ///
    /// # Errors
    /// `Backup` if the file cannot be written.
    async fn back_up(&self, stream: &str, made_ms: i64, to: &mut (dyn Write + Send)) -> Result<BackedUp>;

    /// Reads a backup into an empty database, all or nothing. The cursors and the projections are missing
    /// then: fold the events into the shadow set and call [`Archive::finish_restore`].
    ///
    /// # Errors
    /// `Backup`: the file is damaged, cut off or of another version, or the database is not empty.
    async fn restore(&self, from: &mut (dyn Read + Send)) -> Result<Restored>;

    /// Puts the shadow set in the live one's place together with the cursors, if it has the hash that the
    /// backup names.
    ///
    /// # Errors
    /// `Backup` if it has another one; nothing was changed then.
    async fn finish_restore(&self, restored: &Restored, code_version: u32) -> Result<()>;
}
