//! The message a key signs to make an HTTP request in its own name.

use crate::Hash;
use crate::hash::Sha256;

/// Starts every request message, so that no other signed message of Mira can be one.
pub const PREFIX: &[u8; 13] = b"mira:http:v1:";
/// Length of the signed message.
pub const MESSAGE_LEN: usize = 45;

/// What identifies one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method in upper case.
    pub method: &'a str,
    /// Path and query as sent, from the first `/`.
    pub path_and_query: &'a str,
    /// SHA-256 of the body; of nothing if there is none.
    pub body_hash: Hash,
    /// Unix milliseconds of the sender's clock.
    pub timestamp_ms: u64,
    /// Never used twice by this key within the accepted clock skew.
    pub nonce: [u8; 16],
}

/// The 45 bytes to sign: the prefix, then the hash of
/// `method \n path_and_query \n hex(body_hash) \n timestamp_ms \n hex(nonce)`.
pub fn message<H: Sha256>(request: &Request<'_>) -> [u8; MESSAGE_LEN] {
    let (mut body, mut nonce, mut decimal) = ([0u8; 64], [0u8; 32], [0u8; 20]);
    hex(&request.body_hash, &mut body);
    hex(&request.nonce, &mut nonce);
    let digest = H::hashv(&[
        request.method.as_bytes(),
        b"\n",
        request.path_and_query.as_bytes(),
        b"\n",
        &body,
        b"\n",
        digits(request.timestamp_ms, &mut decimal),
        b"\n",
        &nonce,
    ]);
    let mut message = [0u8; MESSAGE_LEN];
    let (prefix, rest) = message.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    rest.copy_from_slice(&digest);
    message
}

/// Writes lower-case hex; `out` is twice as long as `bytes`.
fn hex(bytes: &[u8], out: &mut [u8]) {
    for (byte, pair) in bytes.iter().zip(out.chunks_exact_mut(2)) {
        pair.copy_from_slice(&[nibble(byte >> 4), nibble(byte & 15)]);
    }
}

fn nibble(value: u8) -> u8 {
    match value {
        0..10 => b'0'.saturating_add(value),
        _ => b'a'.saturating_add(value.saturating_sub(10)),
    }
}

/// The decimal digits of `value`, without leading zeros.
fn digits(mut value: u64, room: &mut [u8; 20]) -> &[u8] {
    let mut used = 0usize;
    for place in room.iter_mut().rev() {
        *place = b'0'.saturating_add(u8::try_from(value % 10).unwrap_or(0));
        value /= 10;
        used = used.saturating_add(1);
        if value == 0 {
            break;
        }
    }
    room.get(room.len().saturating_sub(used)..).unwrap_or_default()
}

#[cfg(all(test, feature = "sha2"))]
mod tests {
    use super::*;
    use crate::hash::Sha2;
    use std::format;

    #[test]
    fn hashes_the_documented_text() {
        for timestamp_ms in [0, 7, 1_700_000_000_123, u64::MAX] {
            let request = Request {
                method: "POST",
                path_and_query: "/v1/node/work?x=1",
                body_hash: [0xa5; 32],
                timestamp_ms,
                nonce: [0x0f; 16],
            };
            let text = format!("POST\n/v1/node/work?x=1\n{}\n{timestamp_ms}\n{}", "a5".repeat(32), "0f".repeat(16));
            let message = message::<Sha2>(&request);
            assert_eq!(&message[..13], PREFIX);
            assert_eq!(message[13..], Sha2::hashv(&[text.as_bytes()]));
        }
    }
}
