//! The node's memory: what it promised, did, claimed and was promised, in one append-only file.
//!
//! Every fact is a [`Record`], written and synced before the node acts on it; [`Book`] is the fold of all records, and the only state
//! that survives a crash. A record torn by a crash at the end of the file is cut off at the next start; damage anywhere else is an
//! error, because money hangs on what would be skipped.
//!
//! Deliberately absent: compaction. A lease leaves a few hundred bytes and a shard about two hundred; delete the file when every lease in
//! it has ended.

mod book;
mod file;
mod record;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use book::{Book, LeaseBook};
pub use file::JournalError;
pub use record::{Done, LeaseTerms, Record, SignedUsage, SignedVoucher};

use file::JournalFile;

/// The open journal: the file and its fold, always in step. Methods block for a disk sync.
#[derive(Debug)]
pub struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: JournalFile,
    book: Book,
}

impl Journal {
    /// Opens or creates the journal at `path` and replays it.
    ///
    /// # Errors
    /// [`JournalError`]: another process has it, it cannot be read or written, or it is damaged before its end.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let mut book = Book::default();
        let file = JournalFile::open(path, |record| book.apply(&record))?;
        Ok(Self { inner: Mutex::new(Inner { file, book }) })
    }

    /// Writes one fact and folds it in. It is on disk when this returns.
    ///
    /// # Errors
    /// [`JournalError::Full`]: nothing was written, and writing may be tried again. [`JournalError::Io`]: the fact must
    /// then be treated as never written, and the node must stop.
    pub fn append(&self, record: &Record) -> Result<(), JournalError> {
        self.append_with(|_| Some(*record)).map(|_| ())
    }

    /// Writes the fact that `make` derives from the book, if any, with no other fact in between. Returns it.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_with(&self, make: impl FnOnce(&Book) -> Option<Record>) -> Result<Option<Record>, JournalError> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = make(&inner.book) else { return Ok(None) };
        inner.file.append(&record)?;
        inner.book.apply(&record);
        Ok(Some(record))
    }

    /// Reads the book.
    pub fn read<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.inner.lock().unwrap_or_else(PoisonError::into_inner).book)
    }
}

#[cfg(test)]
mod tests;
