//! An engine as bytes and back: all that it knows, so that the inputs before it need not be fed again.
//!
//! An engine that was read decides as the one that was written, for ever. The state is written as it is; only the
//! index of offers is made again, because it is a function of the offers and as large as they are. In front of it are
//! the format and a hash of the rest: bytes that were cut or changed are an error and never an engine.

use borsh::BorshDeserialize;
use borsh::io::{Error, ErrorKind, Write};
use mira_core::hash::{Sha2, Sha256};

use crate::engine::Engine;

/// The format of a snapshot's bytes; one more whenever what an engine keeps changes its bytes.
pub const FORMAT: u32 = 1;

/// Starts every snapshot.
const MAGIC: &[u8; 12] = b"mira:engine:";

/// Magic, format and hash.
const HEAD: usize = MAGIC.len() + 4 + 32;

/// Writes an engine.
pub fn write(engine: &Engine) -> Result<Vec<u8>, Error> {
    // Its length is counted first: a vector that grows would take up to three times as much memory.
    let mut bytes = Vec::with_capacity(HEAD + borsh::object_length(engine)?);
    bytes.write_all(MAGIC)?;
    bytes.write_all(&FORMAT.to_le_bytes())?;
    bytes.write_all(&[0; 32])?;
    borsh::to_writer(&mut bytes, engine)?;
    let hash = Sha2::hashv(&[&bytes[HEAD..]]);
    bytes[HEAD - 32..HEAD].copy_from_slice(&hash);
    Ok(bytes)
}

/// Reads what `write` wrote, to the last byte; fails on anything else.
pub fn read(bytes: &[u8]) -> Result<Engine, Error> {
    let not = || corrupt("it is not a snapshot of a dispatch engine".into());
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(not)?;
    let (format, rest) = rest.split_first_chunk::<4>().ok_or_else(not)?;
    let format = u32::from_le_bytes(*format);
    if format != FORMAT {
        return Err(corrupt(format!("it is a snapshot of format {format}, and this version reads format {FORMAT}")));
    }
    let (hash, body) = rest.split_first_chunk::<32>().ok_or_else(not)?;
    if Sha2::hashv(&[body]) != *hash {
        return Err(corrupt("the snapshot is not what was written: its hash differs".into()));
    }
    let mut engine = Engine::try_from_slice(body)?;
    engine.index_offers();
    Ok(engine)
}

fn corrupt(what: String) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, job_terms};

    #[test]
    fn what_is_no_snapshot_says_so() {
        let why = |bytes: &[u8]| read(bytes).expect_err("not an engine").to_string();
        assert_eq!(why(b"something else"), "it is not a snapshot of a dispatch engine");
        assert_eq!(why(b"mira:engine:"), "it is not a snapshot of a dispatch engine");
        let mut bytes = write(&Engine::new()).expect("writes");
        bytes[12] += 1;
        let other = format!("it is a snapshot of format {}, and this version reads format {FORMAT}", FORMAT + 1);
        assert_eq!(why(&bytes), other);
        bytes[12] -= 1;
        bytes.push(0);
        assert_eq!(why(&bytes), "the snapshot is not what was written: its hash differs");
    }

    /// A failure means that the bytes changed: then the format is another one, unless only decisions did.
    #[test]
    fn the_format_names_these_bytes() {
        let world = World::running(3, &job_terms(1));
        let len = |engine: &Engine| write(engine).expect("writes").len();
        assert_eq!((FORMAT, len(&Engine::new()), len(&world.engine)), (1, 8_929, 15_343));
    }
}
