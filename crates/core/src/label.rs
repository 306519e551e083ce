//! Short names that fit an account: resource classes and regions.

use crate::error::{Error, Result};
use core::fmt;

/// 1 to 16 characters of `a-z`, `0-9` and `-`, padded with zero bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label([u8; 16]);

impl Label {
    /// The label that reads `text`. Refuses with [`Error::InvalidLabel`].
    pub fn parse(text: &str) -> Result<Self> {
        let mut bytes = [0u8; 16];
        let room = bytes.get_mut(..text.len()).ok_or(Error::InvalidLabel)?;
        room.copy_from_slice(text.as_bytes());
        Self::validate(&bytes)
    }

    /// The label in an account's bytes. Refuses with [`Error::InvalidLabel`] anything that
    /// [`Label::parse`] could not have made.
    pub fn validate(bytes: &[u8; 16]) -> Result<Self> {
        let mut ended = false;
        for byte in bytes {
            match byte {
                0 => ended = true,
                b'a'..=b'z' | b'0'..=b'9' | b'-' if !ended => {}
                _ => return Err(Error::InvalidLabel),
            }
        }
        if bytes.first() == Some(&0) {
            return Err(Error::InvalidLabel);
        }
        Ok(Self(*bytes))
    }

    /// The padded bytes, as an account holds them.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The text without its padding.
    pub fn as_str(&self) -> &str {
        let text = self.0.split(|byte| *byte == 0).next().unwrap_or_default();
        // A label holds ASCII only, so this never falls back.
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back() {
        for text in ["a", "eu-west-1", "sixteen-chars-00"] {
            let label = Label::parse(text).unwrap();
            assert_eq!(label.as_str(), text);
            assert_eq!(Label::validate(label.bytes()), Ok(label));
        }
    }

    #[test]
    fn refuses_what_it_could_not_have_made() {
        for text in ["", "Upper", "under_score", "seventeen-chars-0", "é", "a\0b"] {
            assert_eq!(Label::parse(text), Err(Error::InvalidLabel), "{text:?}");
        }
        let mut gap = *Label::parse("ab").unwrap().bytes();
        gap[5] = b'c';
        assert_eq!(Label::validate(&gap), Err(Error::InvalidLabel));
    }
}
