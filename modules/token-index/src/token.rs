//! What a token is: a maximal run of ASCII letters and digits and of bytes that are not ASCII, with ASCII letters folded to lower case.
//!
//! Bytes from 0x80 up always belong to a token, so that a word in UTF-8 (or in any 8-bit encoding) stays whole and a cut between tokens
//! never falls inside a character. No encoding is assumed beyond that.

/// The longest key an index stores, in bytes. A longer token is kept as its first 48 bytes and 16 hexadecimal digits of its hash, so that
/// a file without separators cannot blow up the index.
pub const MAX_KEY_BYTES: usize = 64;

const LONG_PREFIX_BYTES: usize = 48;

/// Whether `byte` belongs to a token; everything else separates tokens.
#[must_use]
pub const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The tokens of `bytes` in order, not yet folded.
pub(crate) fn tokens(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| !is_token_byte(*byte)).filter(|token| !token.is_empty())
}

/// Writes the key under which `token` is counted into `key`.
pub(crate) fn key_into(token: &[u8], key: &mut Vec<u8>) {
    key.clear();
    if token.len() <= MAX_KEY_BYTES {
        key.extend(token.iter().map(u8::to_ascii_lowercase));
        return;
    }
    let mut hash = FNV_OFFSET;
    for byte in token {
        hash = fnv_step(hash, byte.to_ascii_lowercase());
    }
    key.extend(token.iter().take(LONG_PREFIX_BYTES).map(u8::to_ascii_lowercase));
    for byte in hash.to_be_bytes() {
        key.extend([byte >> 4, byte & 0xf].map(hex_digit));
    }
}

const fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + (nibble - 10) }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

const fn fnv_step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// FNV-1a of `bytes` with a final mix, so that low bits can be used as a table index.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hash = FNV_OFFSET;
    for byte in bytes {
        hash = fnv_step(hash, *byte);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(token: &[u8]) -> Vec<u8> {
        let mut key = Vec::new();
        key_into(token, &mut key);
        key
    }

    #[test]
    fn separators_and_folding() {
        let found: Vec<_> = tokens(b"  The cat's\t2 hats\x00\xff\xfe!").collect();
        assert_eq!(found, [&b"The"[..], b"cat", b"s", b"2", b"hats", b"\xff\xfe"]);
        assert_eq!(key(b"The"), b"the");
    }

    #[test]
    fn long_tokens_have_bounded_distinct_keys() {
        let a = vec![b'a'; 10_000];
        let mut b = a.clone();
        b.push(b'b');
        assert_eq!(key(&a).len(), MAX_KEY_BYTES);
        assert_ne!(key(&a), key(&b));
        assert!(key(&a).iter().all(|byte| is_token_byte(*byte)));
        assert_eq!(key(&[b'A'; 64]), vec![b'a'; 64]);
    }
}
