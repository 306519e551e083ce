//! Signed requests: how a provider's node proves to the API which key it holds.
//!
//! The key signs method, path with query, body hash, time and a single-use nonce
//! (`mira_core::request`). A request is accepted within [`MAX_SKEW_MS`] of the server's clock and
//! once per nonce, so that a recorded request can neither be replayed nor changed. What is
//! deliberately absent: sessions and bearer tokens; a node has a key already.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use mira_core::hash::{Sha2, Sha256 as _};
use mira_core::{Hash, Key};

use crate::bytes::NonceHex;
use crate::{KeyStr, SigStr};

/// Header: the signing key, base58.
pub const HEADER_KEY: &str = "x-mira-key";
/// Header: unix milliseconds, decimal.
pub const HEADER_TIMESTAMP: &str = "x-mira-timestamp";
/// Header: 16 bytes, hexadecimal.
pub const HEADER_NONCE: &str = "x-mira-nonce";
/// Header: the signature, base58.
pub const HEADER_SIGNATURE: &str = "x-mira-signature";

/// How far a request's time may be from the server's, either way, in milliseconds.
pub const MAX_SKEW_MS: u64 = 60_000;

/// Something that can sign as one key.
pub trait RequestSigner: Send + Sync {
    /// The public key.
    fn key(&self) -> Key;
    /// The ed25519 signature of a message.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

impl RequestSigner for SigningKey {
    fn key(&self) -> Key {
        self.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(self, message).to_bytes()
    }
}

impl<T: RequestSigner + ?Sized> RequestSigner for std::sync::Arc<T> {
    fn key(&self) -> Key {
        (**self).key()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        (**self).sign(message)
    }
}

/// The part of a request that is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Upper case, as on the request line.
    pub method: &'a str,
    /// The path with `?query` if there is one, as on the request line.
    pub path_and_query: &'a str,
    /// SHA-256 of the body; of nothing if there is none.
    pub body_hash: Hash,
    /// Unix milliseconds.
    pub timestamp_ms: u64,
    /// Never used twice.
    pub nonce: [u8; 16],
}

/// The values of the four headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHeaders {
    /// [`HEADER_KEY`].
    pub key: KeyStr,
    /// [`HEADER_TIMESTAMP`].
    pub timestamp_ms: u64,
    /// [`HEADER_NONCE`].
    pub nonce: NonceHex,
    /// [`HEADER_SIGNATURE`].
    pub signature: SigStr,
}

impl SignedHeaders {
    /// Header names with their values.
    pub fn pairs(&self) -> [(&'static str, String); 4] {
        [
            (HEADER_KEY, self.key.to_string()),
            (HEADER_TIMESTAMP, self.timestamp_ms.to_string()),
            (HEADER_NONCE, self.nonce.to_string()),
            (HEADER_SIGNATURE, self.signature.to_string()),
        ]
    }
}

/// SHA-256 of a body.
pub fn body_hash(body: &[u8]) -> Hash {
    Sha2::hashv(&[body])
}

fn message(request: &Signed<'_>) -> [u8; mira_core::request::MESSAGE_LEN] {
    mira_core::request::message::<Sha2>(&mira_core::request::Request {
        method: request.method,
        path_and_query: request.path_and_query,
        body_hash: request.body_hash,
        timestamp_ms: request.timestamp_ms,
        nonce: request.nonce,
    })
}

/// Signs a request.
pub fn sign(signer: &dyn RequestSigner, request: &Signed<'_>) -> SignedHeaders {
    SignedHeaders {
        key: KeyStr(signer.key()),
        timestamp_ms: request.timestamp_ms,
        nonce: NonceHex(request.nonce),
        signature: SigStr(signer.sign(&message(request))),
    }
}

/// Whether `signature` is `key`'s over the request. Strict: a weak key or a malleable signature is
/// refused.
pub fn verify(key: &Key, signature: &[u8; 64], request: &Signed<'_>) -> bool {
    verify_strict(key, signature, &message(request))
}

/// Strict ed25519 verification of any message; false also for a key that is not on the curve.
pub fn verify_strict(key: &Key, signature: &[u8; 64], message: &[u8]) -> bool {
    VerifyingKey::from_bytes(key).and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature))).is_ok()
}

/// Signs any message: for vouchers and usage reports.
pub fn sign_message(signer: &dyn RequestSigner, message: &[u8]) -> SigStr {
    SigStr(signer.sign(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>() -> Signed<'a> {
        Signed {
            method: "POST",
            path_and_query: "/v1/node/offers",
            body_hash: body_hash(b"{}"),
            timestamp_ms: 1_000,
            nonce: [3; 16],
        }
    }

    #[test]
    fn any_change_breaks_the_signature() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let signed = request();
        let headers = sign(&key, &signed);
        let check = |r: &Signed<'_>| verify(&headers.key.get(), &headers.signature.get(), r);
        assert!(check(&signed));
        assert!(!check(&Signed { method: "PUT", ..signed }));
        assert!(!check(&Signed { path_and_query: "/v1/node/offers?x", ..signed }));
        assert!(!check(&Signed { body_hash: body_hash(b"{ }"), ..signed }));
        assert!(!check(&Signed { timestamp_ms: 1_001, ..signed }));
        assert!(!check(&Signed { nonce: [4; 16], ..signed }));
        let other = SigningKey::from_bytes(&[2; 32]);
        assert!(!verify(&RequestSigner::key(&other), &headers.signature.get(), &signed));
    }

    #[test]
    fn a_key_off_the_curve_verifies_nothing() {
        assert!(!verify_strict(&[2; 32], &[0; 64], b""));
        assert!(!verify_strict(&[0; 32], &[0; 64], b""));
    }
}
