//! The hashed embedding: every token and every three-byte piece of `<token>` adds ±weight to one of [`DIMENSIONS`] counters.
//!
//! This is feature hashing with signs: the dot product of two such vectors estimates the overlap of the two texts' features. Sums of
//! integers do not depend on the order, so vectors of shards add up to the vector of the whole.

use crate::token::hash;

/// Length of the embedding vector.
pub const DIMENSIONS: usize = 256;

/// What a whole token adds; a three-byte piece adds one.
const TOKEN_WEIGHT: i64 = 4;

/// Adds the features of `key`, seen once, to `vector`.
pub(crate) fn add_token(vector: &mut [i64; DIMENSIONS], key: &[u8], padded: &mut Vec<u8>) {
    add_feature(vector, key, TOKEN_WEIGHT);
    padded.clear();
    padded.push(b'<');
    padded.extend_from_slice(key);
    padded.push(b'>');
    for piece in padded.windows(3) {
        add_feature(vector, piece, 1);
    }
}

fn add_feature(vector: &mut [i64; DIMENSIONS], feature: &[u8], weight: i64) {
    let hash = hash(feature);
    let [slot, .., sign] = hash.to_le_bytes();
    let signed = if sign & 1 == 0 { weight } else { -weight };
    if let Some(counter) = vector.get_mut(usize::from(slot)) {
        // One shard would need 2^61 tokens to reach the end of the range.
        *counter = counter.wrapping_add(signed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_have_known_total_weight() {
        let mut vector = [0; DIMENSIONS];
        add_token(&mut vector, b"abc", &mut Vec::new());
        // The token, and `<ab`, `abc`, `bc>`: `abc` as a piece shares the token's counter and sign.
        let total: i64 = vector.iter().map(|v| v.abs()).sum();
        assert!((1..=7).contains(&total));
        assert_ne!(vector, [0; DIMENSIONS]);
    }
}
