//! Reading a backup, each frame checked before it is used.

use std::io::{ErrorKind, Read};

use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};

use super::{BackupError, BackupHead, Begin, End, MAGIC, MAX_FRAME_BYTES, Part, VERSION, take_row};
use crate::row::Row;

/// A part of a backup.
#[derive(Debug)]
pub(crate) enum Frame {
    /// A table begins.
    Table(Begin),
    /// Rows of it.
    Rows(Payload),
    /// The whole file was read.
    End,
}

/// The rows of a frame.
#[derive(Debug)]
pub(crate) struct Payload {
    at: u64,
    bytes: Vec<u8>,
}

impl Payload {
    /// All of them.
    pub fn rows<R: Row>(&self) -> Result<Vec<R>, BackupError> {
        let (mut rest, mut rows) = (self.bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            rows.push(take_row(&mut rest).map_err(|why| BackupError::Damaged { at: self.at, why })?);
        }
        Ok(rows)
    }
}

/// A backup being read.
pub(crate) struct Reader<'a> {
    from: &'a mut (dyn Read + Send),
    chain: Hash,
    /// Bytes read.
    at: u64,
    /// Where the frame read last begins.
    frame_at: u64,
}

impl<'a> Reader<'a> {
    /// Reads the beginning; a schema beyond `schema` is of a newer version.
    pub fn new(from: &'a mut (dyn Read + Send), schema: u64) -> Result<(Self, BackupHead), BackupError> {
        let mut reader = Self { from, chain: [0; 32], at: 0, frame_at: 0 };
        let mut start = [0; MAGIC.len() + 4];
        reader.fill(&mut start).map_err(|error| match error {
            BackupError::CutOff { .. } => BackupError::Foreign,
            other => other,
        })?;
        let version = start.strip_prefix(MAGIC).ok_or(BackupError::Foreign)?;
        if version != VERSION.to_be_bytes() {
            return Err(BackupError::Newer { what: "another form of file".to_owned() });
        }
        reader.chain = Sha2::hashv(&[&start]);
        let (part, payload) = reader.frame()?;
        if part != Part::Head {
            return reader.damaged("it has no head");
        }
        let head: BackupHead = reader.row(&payload)?;
        if head.schema > schema {
            let what = format!("its schema is {}, this version's is {schema}", head.schema);
            return Err(BackupError::Newer { what });
        }
        Ok((reader, head))
    }

    /// The next part; `rows` is how many there were so far. After the end nothing may follow.
    pub fn next(&mut self, rows: u64) -> Result<Frame, BackupError> {
        let (part, payload) = self.frame()?;
        match part {
            Part::Head => self.damaged("it has two heads"),
            Part::Table => Ok(Frame::Table(self.row(&payload)?)),
            Part::Rows => Ok(Frame::Rows(Payload { at: self.frame_at, bytes: payload })),
            Part::End => {
                let End { rows: written } = self.row(&payload)?;
                if written != rows {
                    return self.damaged(&format!("{written} rows were written, {rows} are there"));
                }
                let after = self.from.read(&mut [0])?;
                if after > 0 { self.damaged("something follows its end") } else { Ok(Frame::End) }
            }
        }
    }

    /// An error that names where the last frame begins.
    pub fn damaged<T>(&self, why: &str) -> Result<T, BackupError> {
        Err(BackupError::Damaged { at: self.frame_at, why: why.to_owned() })
    }

    fn row<R: Row>(&self, mut payload: &[u8]) -> Result<R, BackupError> {
        take_row(&mut payload).or_else(|why| self.damaged(&why))
    }

    fn frame(&mut self) -> Result<(Part, Vec<u8>), BackupError> {
        self.frame_at = self.at;
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let [code, len @ ..] = head;
        let len = u32::from_be_bytes(len);
        let (Some(part), true) = (Part::from_code(code), len <= MAX_FRAME_BYTES) else {
            return self.damaged("a frame that cannot be");
        };
        // Grows with what is there, so that a false length takes no more memory than the file has bytes.
        let mut payload = Vec::new();
        let read = (&mut *self.from).take(u64::from(len)).read_to_end(&mut payload)?;
        self.at = self.at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if payload.len() < usize::try_from(len).unwrap_or(usize::MAX) {
            return Err(BackupError::CutOff { at: self.at });
        }
        let mut chain = [0; 32];
        self.fill(&mut chain)?;
        self.chain = Sha2::hashv(&[&self.chain, &head, &payload]);
        if chain != self.chain {
            return self.damaged("its bytes do not have the hash that was written");
        }
        Ok((part, payload))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        match self.from.read_exact(bytes) {
            Ok(()) => {
                self.at = self.at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(BackupError::CutOff { at: self.at }),
            Err(error) => Err(error.into()),
        }
    }
}
