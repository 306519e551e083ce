//! The one text form of an index: readable, and the same bytes for the same index everywhere.
//!
//! ```text
//! mira-token-index 1
//! bytes 28
//! lines 2
//! tokens 8
//! types 3
//! embedding 0 4 -1 …            (256 numbers)
//! a<TAB>3                        (one line a token, ascending by bytes, keys as they are: not always UTF-8)
//! …
//! ```

use std::collections::BTreeMap;

use crate::embed::DIMENSIONS;
use crate::index::Index;
use crate::token::{MAX_KEY_BYTES, is_token_byte};

const MAGIC: &[u8] = b"mira-token-index 1";

/// Why bytes are not an encoded index. A provider's output is not trusted, so decoding accepts nothing but what [`Index::encode`] writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The line that is wrong, from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "not a token index: line {}: expected {}", self.line, self.expected)
    }
}

impl std::error::Error for DecodeError {}

impl Index {
    /// The index in its only text form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(4096 + self.counts.len() * 16);
        out.extend_from_slice(MAGIC);
        let types = self.counts.len().to_string();
        for (name, value) in [
            ("bytes", self.bytes.to_string()),
            ("lines", self.lines.to_string()),
            ("tokens", self.tokens.to_string()),
            ("types", types),
        ] {
            out.push(b'\n');
            out.extend_from_slice(name.as_bytes());
            out.push(b' ');
            out.extend_from_slice(value.as_bytes());
        }
        out.extend_from_slice(b"\nembedding");
        for value in self.embedding.iter() {
            out.push(b' ');
            out.extend_from_slice(value.to_string().as_bytes());
        }
        out.push(b'\n');
        for (key, count) in &self.counts {
            out.extend_from_slice(key);
            out.push(b'\t');
            out.extend_from_slice(count.to_string().as_bytes());
            out.push(b'\n');
        }
        out
    }

    /// Reads what [`Index::encode`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] for anything else, also for other spellings of the same index and for counts that do not add up.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut lines = Lines { rest: bytes, line: 0 };
        if lines.next() != Some(MAGIC) {
            return Err(lines.error("`mira-token-index 1`"));
        }
        let bytes = lines.number(b"bytes ", "`bytes N`")?;
        let line_feeds = lines.number(b"lines ", "`lines N`")?;
        let tokens = lines.number(b"tokens ", "`tokens N`")?;
        let types = lines.number(b"types ", "`types N`")?;
        let embedding = lines.embedding()?;
        let counts = lines.counts()?;
        if u64::try_from(counts.len()) != Ok(types) {
            return Err(lines.error("as many tokens as `types` says"));
        }
        let sum = counts.values().try_fold(0_u64, |sum, count| sum.checked_add(*count));
        if sum != Some(tokens) {
            return Err(lines.error("counts that add up to `tokens`"));
        }
        Ok(Self { bytes, lines: line_feeds, tokens, counts, embedding })
    }
}

struct Lines<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Lines<'a> {
    /// The next line without its line feed; `None` at the end and for a last line that is not ended.
    fn next(&mut self) -> Option<&'a [u8]> {
        self.line += 1;
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Some(line)
    }

    const fn error(&self, expected: &'static str) -> DecodeError {
        DecodeError { line: self.line, expected }
    }

    fn number(&mut self, name: &[u8], expected: &'static str) -> Result<u64, DecodeError> {
        let digits = self.next().and_then(|line| line.strip_prefix(name));
        digits.and_then(parse::<u64>).ok_or(self.error(expected))
    }

    fn embedding(&mut self) -> Result<Box<[i64; DIMENSIONS]>, DecodeError> {
        let expected = "`embedding` and 256 numbers";
        let values = self.next().and_then(|line| line.strip_prefix(b"embedding "));
        let mut values = values.ok_or(self.error(expected))?.split(|byte| *byte == b' ');
        let mut embedding = Box::new([0; DIMENSIONS]);
        for slot in embedding.iter_mut() {
            *slot = values.next().and_then(parse::<i64>).ok_or(self.error(expected))?;
        }
        if values.next().is_some() { Err(self.error(expected)) } else { Ok(embedding) }
    }

    fn counts(&mut self) -> Result<BTreeMap<Vec<u8>, u64>, DecodeError> {
        let mut counts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        while !self.rest.is_empty() {
            let expected = "`token<TAB>count` in ascending order";
            let entry = self.next().and_then(|line| {
                let tab = line.iter().position(|byte| *byte == b'\t')?;
                let (key, count) = line.split_at(tab);
                Some((key, count.get(1..).and_then(parse::<u64>)?))
            });
            let (key, count) = entry.ok_or(self.error(expected))?;
            let key_ok = (1..=MAX_KEY_BYTES).contains(&key.len())
                && key.iter().all(|byte| is_token_byte(*byte) && !byte.is_ascii_uppercase());
            let ascending = counts.last_key_value().is_none_or(|(last, _)| last.as_slice() < key);
            if !key_ok || !ascending || count == 0 {
                return Err(self.error(expected));
            }
            counts.insert(key.to_vec(), count);
        }
        Ok(counts)
    }
}

/// A number as Rust writes it, and in no other spelling.
fn parse<N: core::str::FromStr + ToString>(digits: &[u8]) -> Option<N> {
    let text = core::str::from_utf8(digits).ok()?;
    let number: N = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"A rose is a ROSE\nis a rose. \xff\xfe caf\xc3\xa9\n";

    #[test]
    fn round_trip() {
        for input in [&b""[..], b"...", TEXT] {
            let index = Index::of(input);
            assert_eq!(Index::decode(&index.encode()), Ok(index));
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        let encoded = Index::of(TEXT).encode();
        for end in 0..encoded.len() {
            assert!(Index::decode(&encoded[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn other_spellings_and_wrong_sums_are_refused() {
        let text = String::from_utf8(Index::of(b"b a b").encode()).expect("ASCII");
        for (from, to) in [
            ("bytes 5", "bytes 05"),
            ("bytes 5", "bytes +5"),
            ("tokens 3", "tokens 4"),
            ("types 2", "types 3"),
            ("a\t1\nb\t2", "b\t2\na\t1"),
            ("a\t1", "A\t1"),
            ("a\t1", "a\t0"),
            ("a\t1", "a 1"),
            ("a\t1", "\t1"),
            ("mira-token-index 1", "mira-token-index 2"),
            ("embedding ", "embedding 0 "),
        ] {
            assert!(text.contains(from), "{from}");
            assert!(Index::decode(text.replacen(from, to, 1).as_bytes()).is_err(), "{from} → {to}");
        }
    }
}
