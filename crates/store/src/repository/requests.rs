//! Requests that count once.

use async_trait::async_trait;
use mira_core::{Hash, Key};

use crate::Result;
use crate::model::{Begin, NodeNonce, Response};

/// Idempotency keys and nonces.
#[async_trait]
pub trait Requests {
    /// Claims an idempotency key of a principal for a request.
    ///
    /// # Errors
    /// `TooLarge` if the key is longer than `MAX_IDEMPOTENCY_KEY_BYTES`.
    async fn begin_request(&self, principal: &Key, key: &str, request_hash: &Hash, now_ms: i64) -> Result<Begin>;

    /// Keeps the response of a request that was begun.
    ///
    /// # Errors
    /// `TooLarge` if the body is larger than `MAX_RESPONSE_BYTES`; `Invalid` if it was not begun or
    /// is finished.
    async fn finish_request(&self, principal: &Key, key: &str, response: Response) -> Result<()>;

    /// Gives the key of a request back that is not finished, so that it can be tried again.
    async fn forget_request(&self, principal: &Key, key: &str) -> Result<()>;

    /// Uses a nonce up; `false` if it was used before.
    async fn use_nonce(&self, nonce: NodeNonce) -> Result<bool>;

    /// Deletes requests begun before `requests_before_ms` and nonces expired before `now_ms`; gives how many
    /// rows went.
    async fn forget_old(&self, requests_before_ms: i64, now_ms: i64) -> Result<u64>;
}
