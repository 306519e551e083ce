//! Writing a backup, frame by frame.

use std::io::Write;

use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};

use super::{BackupError, Begin, End, MAGIC, MAX_FRAME_BYTES, Part, VERSION};
use crate::row::Row;

/// A backup under way.
pub(crate) struct Writer<'a> {
    out: &'a mut (dyn Write + Send),
    chain: Hash,
    bytes: u64,
    rows: u64,
}

impl<'a> Writer<'a> {
    /// Begins a file.
    pub fn new(out: &'a mut (dyn Write + Send)) -> Result<Self, BackupError> {
        let start = [&MAGIC[..], &VERSION.to_be_bytes()].concat();
        let mut writer = Self { out, chain: Sha2::hashv(&[&start]), bytes: 0, rows: 0 };
        writer.put(&start)?;
        Ok(writer)
    }

    /// Writes a frame of one row that is not a table's.
    pub fn mark<R: Row>(&mut self, part: Part, row: &R) -> Result<(), BackupError> {
        let mut payload = Vec::new();
        canonical(row, &mut payload);
        self.frame(part, &payload)
    }

    /// Begins a table.
    pub fn table<R: Row>(&mut self, name: &str) -> Result<(), BackupError> {
        self.mark(Part::Table, &Begin { name: name.to_owned(), columns: R::table().list.clone() })
    }

    /// Writes rows of the table begun last.
    pub fn rows<R: Row>(&mut self, rows: &[R]) -> Result<(), BackupError> {
        let mut payload = Vec::new();
        rows.iter().for_each(|row| canonical(row, &mut payload));
        self.rows = self.rows.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.frame(Part::Rows, &payload)
    }

    /// Ends the file; gives how many bytes and rows it has.
    pub fn finish(mut self) -> Result<(u64, u64), BackupError> {
        let rows = self.rows;
        self.mark(Part::End, &End { rows })?;
        self.out.flush()?;
        Ok((self.bytes, rows))
    }

    fn frame(&mut self, part: Part, payload: &[u8]) -> Result<(), BackupError> {
        let len = u32::try_from(payload.len()).ok().filter(|len| *len <= MAX_FRAME_BYTES);
        let len = len.ok_or_else(|| std::io::Error::other("a page of rows is too large for a backup"))?;
        let head = [&[part as u8][..], &len.to_be_bytes()].concat();
        self.chain = Sha2::hashv(&[&self.chain, &head, payload]);
        self.put(&head)?;
        self.put(payload)?;
        let chain = self.chain;
        self.put(&chain)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(self.out.write_all(bytes)?)
    }
}

fn canonical(row: &impl Row, out: &mut Vec<u8>) {
    row.values().iter().for_each(|value| value.canonical(out));
}
