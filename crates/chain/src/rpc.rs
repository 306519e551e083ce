//! JSON-RPC with patience: one call path with timeouts, backoff and typed errors.
//!
//! Only standard methods are used. A rate limit (429) is honoured with its `Retry-After` by the
//! transport below; anything else that is transient is retried here with jittered backoff. What the
//! server refused is never retried: the caller has to change something.

mod error;
mod reads;

pub use error::RpcError;
pub use reads::{AccountData, Accounts, ChainClock, LatestBlockhash, SignatureStatus};

use backon::{ExponentialBuilder, Retryable};
use serde_json::Value;
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_rpc_client_api::request::RpcRequest;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long one request may take before it counts as failed.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Attempts after the first: with the delays below, about five seconds of patience in all.
const RETRIES: usize = 6;
const MIN_DELAY: Duration = Duration::from_millis(50);
const MAX_DELAY: Duration = Duration::from_secs(2);

/// A cheap handle to one RPC endpoint; clones share its connections.
#[derive(Clone)]
pub struct Rpc {
    client: Arc<RpcClient>,
}

impl fmt::Debug for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the whole URL: public endpoints carry their API key in it.
        f.debug_struct("Rpc").finish_non_exhaustive()
    }
}

impl Rpc {
    /// An endpoint, for example `http://127.0.0.1:8899`. Nothing is sent yet.
    pub fn new(url: &str) -> Self {
        let client =
            RpcClient::new_with_timeout_and_commitment(url.to_owned(), REQUEST_TIMEOUT, CommitmentConfig::confirmed());
        Self { client: Arc::new(client) }
    }

    /// The endpoint's URL. It may hold a secret: do not log it.
    pub fn url(&self) -> String {
        self.client.url()
    }

    /// The client underneath, for a standard method that has no wrapper here.
    pub fn client(&self) -> &RpcClient {
        &self.client
    }

    /// Calls a method and retries what is transient.
    ///
    /// # Errors
    /// [`RpcError`], after the retries.
    pub async fn call<T>(&self, request: RpcRequest, params: Value) -> Result<T, RpcError>
    where
        T: serde::de::DeserializeOwned,
    {
        let attempt = || async { self.client.send::<T>(request, params.clone()).await };
        let backoff = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(MIN_DELAY)
            .with_max_delay(MAX_DELAY)
            .with_max_times(RETRIES);
        attempt
            .retry(backoff)
            .when(error::is_transient)
            .notify(|error: &ClientError, delay| {
                tracing::debug!(method = request.as_str(), %error, ?delay, "retrying");
            })
            .await
            .map_err(|error| RpcError::new(request.as_str(), &error))
    }
}
