//! The hasher as a parameter: the syscall on chain, `sha2` elsewhere.

use crate::Hash;

/// SHA-256 over the concatenation of byte strings.
pub trait Sha256 {
    /// The digest of all `parts`, one after the other.
    fn hashv(parts: &[&[u8]]) -> Hash;
}

/// SHA-256 in software, for everything that runs off chain.
#[cfg(feature = "sha2")]
#[derive(Clone, Copy, Debug)]
pub struct Sha2;

#[cfg(feature = "sha2")]
impl Sha256 for Sha2 {
    fn hashv(parts: &[&[u8]]) -> Hash {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

#[cfg(all(test, feature = "sha2"))]
mod tests {
    use super::*;

    #[test]
    fn parts_are_concatenated() {
        let expected = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
            0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(Sha2::hashv(&[b"abc"]), expected);
        assert_eq!(Sha2::hashv(&[b"a", b"", b"bc"]), expected);
    }
}
