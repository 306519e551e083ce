//! The file under the journal: a header, then frames of length, checksum and Borsh bytes, each synced before the next.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use borsh::BorshDeserialize as _;
use mira_core::hash::{Sha2, Sha256 as _};

use super::record::Record;

const HEADER: &[u8] = b"mira-node-journal-1\n";
const LEN_BYTES: usize = 4;
const SUM_BYTES: usize = 8;
/// Far above any record; a longer length can only be damage.
const MAX_RECORD_BYTES: usize = 4096;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system said no.
    #[error("journal {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// The disk is full. The fact was not written, and what was before it stands.
    #[error("journal {path}: its disk is full: free space there, the node waits and then goes on by itself")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Two nodes on one journal would sign the same report numbers twice.
    #[error("journal {path} is in use by another process: stop that node, or give this one a folder of its own")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Not a journal of this version.
    #[error("{path} is not a journal of this version: move it away if it is not needed")]
    Header {
        /// The file.
        path: PathBuf,
    },
    /// A record before the last one does not verify. Skipping it could lose money, so a person has to look.
    #[error(
        "journal {path} is damaged at byte {offset}, before its end: restore it from a backup; settle its leases by hand if there is none"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the bad record starts.
        offset: u64,
    },
}

/// The open file, locked for this process, positioned at its end.
#[derive(Debug)]
pub(super) struct JournalFile {
    file: File,
    path: PathBuf,
    /// Where the last whole record ends, bytes.
    end: u64,
    /// A write failed: what is on disk is unknown until the next start.
    broken: bool,
}

impl JournalFile {
    /// Opens, locks, hands every record to `each`, and cuts off a torn end.
    pub fn open(path: &Path, mut each: impl FnMut(Record)) -> Result<Self, JournalError> {
        let io_error = |source| JournalError::Io { path: path.to_owned(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io_error)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse { path: path.to_owned() },
            TryLockError::Error(source) => io_error(source),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io_error)?;
        let good = if HEADER.starts_with(&bytes) {
            // New, or torn while it was created.
            file.set_len(0).map_err(io_error)?;
            file.seek(SeekFrom::Start(0)).map_err(io_error)?;
            file.write_all(HEADER).map_err(io_error)?;
            sync_folder(path).map_err(io_error)?;
            HEADER.len()
        } else {
            replay(path, &bytes, &mut each)?
        };
        let end = u64::try_from(good).unwrap_or(u64::MAX);
        file.set_len(end).map_err(io_error)?;
        file.seek(SeekFrom::Start(end)).map_err(io_error)?;
        file.sync_all().map_err(io_error)?;
        Ok(Self { file, path: path.to_owned(), end, broken: false })
    }

    /// Writes one record and waits for the disk.
    pub fn append(&mut self, record: &Record) -> Result<(), JournalError> {
        let path = self.path.clone();
        let io_error = |source| JournalError::Io { path: path.clone(), source };
        if self.broken {
            return Err(io_error(io::Error::other("an earlier write failed: restart the node once the disk is well")));
        }
        let frame = encode(record).map_err(io_error)?;
        let written = self.file.write_all(&frame).and_then(|()| self.file.sync_data());
        let Err(error) = written else {
            self.end = self.end.saturating_add(u64::try_from(frame.len()).unwrap_or(u64::MAX));
            return Ok(());
        };
        // What a full disk left of the record is taken back, which needs no room; the next record is then written
        // where this one was to be, and synced as a whole. After any other failure the disk is not to be trusted.
        let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        if full && self.take_back().is_ok() {
            return Err(JournalError::Full { path });
        }
        self.broken = true;
        Err(io_error(error))
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end)).map(|_| ())
    }
}

/// Makes the new file's name survive a crash.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn checksum(body: &[u8]) -> [u8; SUM_BYTES] {
    let [a, b, c, d, e, f, g, h, ..] = Sha2::hashv(&[body]);
    [a, b, c, d, e, f, g, h]
}

fn encode(record: &Record) -> io::Result<Vec<u8>> {
    let body = borsh::to_vec(record)?;
    let len = u32::try_from(body.len()).map_err(io::Error::other)?;
    Ok([&len.to_le_bytes()[..], &checksum(&body), &body].concat())
}

/// Reads all records; returns where the last whole one ends.
fn replay(path: &Path, bytes: &[u8], each: &mut impl FnMut(Record)) -> Result<usize, JournalError> {
    if !bytes.starts_with(HEADER) {
        return Err(JournalError::Header { path: path.to_owned() });
    }
    let mut offset = HEADER.len();
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        match frame(rest) {
            Frame::Whole(record, length) => {
                each(*record);
                offset += length;
            }
            Frame::Torn => break,
            Frame::Damaged => {
                let offset = u64::try_from(offset).unwrap_or(u64::MAX);
                return Err(JournalError::Damaged { path: path.to_owned(), offset });
            }
        }
    }
    Ok(offset)
}

enum Frame {
    Whole(Box<Record>, usize),
    /// Does not verify and nothing follows it: the crash hit its write.
    Torn,
    Damaged,
}

fn frame(bytes: &[u8]) -> Frame {
    let Some((len, rest)) = bytes.split_first_chunk::<LEN_BYTES>() else { return Frame::Torn };
    let Some((sum, rest)) = rest.split_first_chunk::<SUM_BYTES>() else { return Frame::Torn };
    let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
    let Some(body) = rest.get(..len) else {
        // A torn frame has less than it says, but its length itself was written whole or not at all: beyond the maximum it is damage,
        // unless the file system left zeros or garbage in the last block, which a frame's worth of bytes bounds.
        return if bytes.len() <= MAX_RECORD_BYTES { Frame::Torn } else { Frame::Damaged };
    };
    let is_last = rest.len() == len || rest.iter().all(|byte| *byte == 0);
    let record =
        (len <= MAX_RECORD_BYTES && checksum(body) == *sum).then(|| Record::try_from_slice(body).ok()).flatten();
    match record {
        Some(record) => Frame::Whole(Box::new(record), LEN_BYTES + SUM_BYTES + len),
        None if is_last => Frame::Torn,
        None => Frame::Damaged,
    }
}
