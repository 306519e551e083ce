//! The hash of the whole state: how two indexers, or an indexer and its rebuild, agree.

use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};

use super::Projection;

/// Keeps this hash apart from any other.
const PREFIX: &[u8] = b"mira:state:v1:";

/// Hashes rows that come sorted by `Projection::key()`.
///
/// A chain of hashes, `h' = sha256(h ‖ sha256(row))`, so that rows can be streamed and the place of
/// a difference can be found by comparing the chain's members.
#[derive(Clone, Debug)]
pub struct StateHasher {
    hash: Hash,
    rows: u64,
}

impl Default for StateHasher {
    fn default() -> Self {
        Self { hash: Sha2::hashv(&[PREFIX]), rows: 0 }
    }
}

impl StateHasher {
    /// Takes the next row.
    pub fn push(&mut self, row: &Projection) {
        let row = Sha2::hashv(&[&row.canonical_bytes()]);
        self.hash = Sha2::hashv(&[&self.hash, &row]);
        self.rows += 1;
    }

    /// How many rows were taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The hash of the rows taken so far.
    pub fn finish(&self) -> Hash {
        Sha2::hashv(&[&self.hash, &self.rows.to_be_bytes()])
    }
}

/// The hash of a set of rows in any order.
pub fn state_hash<'a>(rows: impl IntoIterator<Item = &'a Projection>) -> Hash {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|row| row.key());
    let mut hasher = StateHasher::default();
    for row in rows {
        hasher.push(row);
    }
    hasher.finish()
}
