//! The index itself: counts, token frequencies and the embedding, and how two of them add up.

use std::collections::BTreeMap;

use crate::embed::{self, DIMENSIONS};
use crate::token;

/// The index of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Length of what was indexed, in bytes.
    pub bytes: u64,
    /// Number of line feeds in it.
    pub lines: u64,
    /// Number of tokens in it, repeated ones included.
    pub tokens: u64,
    /// How often each token occurs; keys are folded, at most [`crate::MAX_KEY_BYTES`] long, and need not be UTF-8.
    pub counts: BTreeMap<Vec<u8>, u64>,
    /// Sum of the hashed features of all tokens.
    pub embedding: Box<[i64; DIMENSIONS]>,
}

/// Two indexes that do not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeError;

impl core::fmt::Display for MergeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(
            "the counts of the two indexes overflow 64 bits: at least one of them is not the index of real data",
        )
    }
}

impl std::error::Error for MergeError {}

impl Default for Index {
    fn default() -> Self {
        Self { bytes: 0, lines: 0, tokens: 0, counts: BTreeMap::new(), embedding: Box::new([0; DIMENSIONS]) }
    }
}

impl Index {
    /// The index of `bytes`; any bytes will do.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut index = Self { bytes: len_u64(bytes), ..Self::default() };
        index.lines = bytes.iter().fold(0, |lines, byte| lines + u64::from(*byte == b'\n'));
        let (mut key, mut padded) = (Vec::new(), Vec::new());
        for token in token::tokens(bytes) {
            token::key_into(token, &mut key);
            index.tokens += 1;
            embed::add_token(&mut index.embedding, &key, &mut padded);
            if let Some(count) = index.counts.get_mut(key.as_slice()) {
                *count += 1;
            } else {
                index.counts.insert(key.clone(), 1);
            }
        }
        index
    }

    /// Adds `other` to this one.
    ///
    /// # Errors
    /// [`MergeError`] when a count overflows; this index is then not to be used further.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        self.bytes = self.bytes.checked_add(other.bytes).ok_or(MergeError)?;
        self.lines = self.lines.checked_add(other.lines).ok_or(MergeError)?;
        self.tokens = self.tokens.checked_add(other.tokens).ok_or(MergeError)?;
        for (key, count) in &other.counts {
            let slot = self.counts.entry(key.clone()).or_default();
            *slot = slot.checked_add(*count).ok_or(MergeError)?;
        }
        for (sum, add) in self.embedding.iter_mut().zip(other.embedding.iter()) {
            *sum = sum.checked_add(*add).ok_or(MergeError)?;
        }
        Ok(())
    }
}

fn len_u64(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split;

    /// A small generator, so that the test needs no dependency: the module's closure stays empty.
    fn random_bytes(seed: u64, len: usize) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let [a, b, ..] = state.to_le_bytes();
                if a < 60 { b" \n,.\t"[usize::from(b) % 5] } else { b }
            })
            .collect()
    }

    #[test]
    fn merged_shards_equal_the_whole() {
        for seed in 0..200 {
            let input = random_bytes(seed, 1 + usize::try_from(seed).unwrap_or(0) * 37);
            for shards in [1, 2, 3, 7, 64] {
                let mut merged = Index::default();
                for range in split(&input, shards).expect("not empty") {
                    merged.merge(&Index::of(&input[range])).expect("small");
                }
                assert_eq!(merged, Index::of(&input), "seed {seed}, {shards} shards");
                assert_eq!(merged.encode(), Index::of(&input).encode());
            }
        }
    }

    #[test]
    fn counts() {
        let index = Index::of(b"A rose is a ROSE\nis a rose.\n");
        assert_eq!((index.bytes, index.lines, index.tokens), (28, 2, 8));
        assert_eq!(index.counts.get(&b"rose"[..]), Some(&3));
        assert_eq!(index.counts.get(&b"a"[..]), Some(&3));
        assert_eq!(index.counts.get(&b"is"[..]), Some(&2));
    }

    #[test]
    fn overflow_is_an_error() {
        let mut a = Index { bytes: u64::MAX, ..Index::default() };
        assert_eq!(a.merge(&Index { bytes: 1, ..Index::default() }), Err(MergeError));
    }
}
