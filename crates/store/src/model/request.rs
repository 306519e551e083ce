//! HTTP requests that must count once.

use mira_core::{Hash, Key};

use crate::row::row;

/// The largest response that is kept for replay, bytes.
pub const MAX_RESPONSE_BYTES: usize = 256 * 1024;

/// The longest idempotency key, bytes.
pub const MAX_IDEMPOTENCY_KEY_BYTES: usize = 255;

/// How long a request may run. One that began earlier and has no response was cut off, and its key
/// may be used again for the same request. Longer than any server's request timeout.
pub const REQUEST_TIMEOUT_MS: i64 = 120_000;

row! {
    /// A request with an idempotency key, and its response once there is one.
    pub struct Idempotent in "idempotency" keyed 2 {
        /// Who asked; zero if nobody signed.
        pub principal: Key,
        /// The key that the caller chose.
        pub key: String,
        /// Hash of method, path and body.
        pub request_hash: Hash,
        /// The response's status; `None` while the request runs.
        pub status: Option<u16>,
        /// The response's media type.
        pub content_type: String,
        /// The response's body.
        pub body: Vec<u8>,
        /// When it came, on this host's clock.
        pub created_ms: i64,
    }
}

/// A response to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// The body, at most [`MAX_RESPONSE_BYTES`].
    pub body: Vec<u8>,
}

/// What to do with a request that carries an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// It is new: do it, then call `finish_request` (or `forget_request` if it had no effect).
    New,
    /// It was done: answer this.
    Replay(Response),
    /// The same request is running.
    InFlight,
    /// The key was used for another request.
    Mismatch,
}

row! {
    /// A nonce of a signed request, kept until it expires by itself.
    pub struct NodeNonce in "node_nonce" keyed 2 {
        /// Who signed.
        pub signer: Key,
        /// The nonce.
        pub nonce: [u8; 16],
        /// When it may be forgotten, on this host's clock.
        pub expires_ms: i64,
    }
}
