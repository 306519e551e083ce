//! The recorded inputs through a fresh engine: the same decisions, all of them.

use borsh::BorshDeserialize;
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};

use crate::effect::Outcome;
use crate::engine::Engine;
use crate::input::Input;

/// The format in which this version writes inputs and reads them. One more whenever what is recorded changes its
/// bytes: a log that was written before is then not replayed.
pub const FORMAT: u32 = 3;

/// Why a recorded input cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("dispatch input {seq} cannot be read: {source}; restore the database from a backup")]
    Corrupt {
        /// Its place in the log, from 0.
        seq: u64,
        /// What is wrong with it.
        source: borsh::io::Error,
    },
    /// It leads to other decisions than it did.
    #[error("dispatch input {seq} leads to other decisions than were recorded: this version decides differently")]
    Diverged {
        /// Its place in the log, from 0.
        seq: u64,
    },
}

/// A log entry: an input and the digest of what it led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The input.
    pub input: Vec<u8>,
    /// `digest` of its outcome.
    pub digest: Hash,
}

impl Entry {
    /// The entry as one string of bytes: the digest, then the input.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.digest.as_slice(), &self.input].concat()
    }

    /// Reads `to_bytes` back; nothing if it is too short to be one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Entry> {
        let (digest, input) = bytes.split_first_chunk::<32>()?;
        Some(Entry { input: input.to_vec(), digest: *digest })
    }
}

/// Writes an input and what it led to as a log entry.
pub fn entry(input: &Input, outcome: &Outcome) -> Result<Entry, borsh::io::Error> {
    Ok(Entry { input: borsh::to_vec(input)?, digest: digest(outcome)? })
}

/// Names an outcome: effects and records, in order.
pub fn digest(outcome: &Outcome) -> Result<Hash, borsh::io::Error> {
    Ok(Sha2::hashv(&[&borsh::to_vec(outcome)?]))
}

/// Feeds one log entry to an engine and checks that it decides as it did. Returns what it decided.
/// After `Error::Diverged` the engine has taken the input all the same; after `Error::Corrupt` not.
pub fn feed(engine: &mut Engine, seq: u64, entry: &Entry) -> Result<Outcome, Error> {
    let corrupt = |source| Error::Corrupt { seq, source };
    let input = Input::try_from_slice(&entry.input).map_err(corrupt)?;
    let outcome = engine.step(&input);
    if digest(&outcome).map_err(corrupt)? == entry.digest { Ok(outcome) } else { Err(Error::Diverged { seq }) }
}

/// Replays a whole log from nothing.
pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<(Engine, Vec<Outcome>), Error> {
    let mut engine = Engine::new();
    let fed: Result<Vec<Outcome>, Error> =
        (0u64..).zip(entries).map(|(seq, entry)| feed(&mut engine, seq, entry)).collect();
    fed.map(|outcomes| (engine, outcomes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Event;

    #[test]
    fn entries_read_back() {
        let input = Input { at_ms: 7, event: Event::Tick };
        let entry = entry(&input, &Outcome::default()).expect("encodes");
        assert_eq!(Entry::from_bytes(&entry.to_bytes()), Some(entry));
        assert_eq!(Entry::from_bytes(&[0; 31]), None);
    }

    #[test]
    fn what_cannot_be_read_and_what_decides_otherwise_are_errors() {
        let input = borsh::to_vec(&Input { at_ms: 7, event: Event::Tick }).expect("encodes");
        let diverged = Entry { input: input.clone(), digest: [1; 32] };
        assert!(matches!(replay([&diverged]), Err(Error::Diverged { seq: 0 })));
        let digest = digest(&Outcome::default()).expect("digest");
        let corrupt = Entry { input: input[..input.len() - 1].to_vec(), digest };
        assert!(matches!(replay([&corrupt]), Err(Error::Corrupt { seq: 0, .. })));
    }
}
