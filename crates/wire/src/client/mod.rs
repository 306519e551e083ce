//! A typed client of the whole API.
//!
//! [`ApiClient`] has one method per endpoint, split by who uses them: `read` for anyone, `requester`
//! and `node` for the two sides of a job, `gateway` for requests that are routed one by one. Every error says which request failed, and carries the
//! server's [`Problem`] when there was one.
//!
//! Deliberately absent: retries. Whether a request may be repeated is the caller's knowledge.

mod error;
mod gateway;
mod node;
mod read;
mod requester;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use error::ApiError;
pub use gateway::RouteClient;
pub use node::NodeClient;
pub use stream::{EventStream, StreamItem};

use crate::Problem;
use crate::clock::{self, Clock};
use crate::request::{self, RequestSigner, Signed};

/// How long an ordinary request may take. The server's own limit is shorter.
const TIMEOUT: Duration = Duration::from_secs(40);
/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest reply that is read into memory: a page of 100 decisions is far below.
const MAX_REPLY_BYTES: usize = 64 << 20;

/// Where single-use numbers come from.
pub type NonceSource = Arc<dyn Fn() -> Result<[u8; 16], ApiError> + Send + Sync>;

/// A client of one server. Cheap to clone.
#[derive(Clone)]
pub struct ApiClient {
    http: reqwest::Client,
    base: Arc<str>,
    clock: Clock,
    nonces: NonceSource,
}

impl std::fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClient").field("base", &self.base).finish_non_exhaustive()
    }
}

impl ApiClient {
    /// A client of the server at `base`, for example `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Result<Self, ApiError> {
        let url =
            reqwest::Url::parse(base).map_err(|e| ApiError::Base { base: base.to_owned(), reason: e.to_string() })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ApiError::Base { base: base.to_owned(), reason: "use http:// or https://".to_owned() });
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("mira/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| ApiError::transport("client", source))?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').into(),
            clock: clock::system(),
            nonces: Arc::new(random_nonce),
        })
    }

    /// The same client with another clock and another source of nonces, for tests and replays.
    #[must_use]
    pub fn with_sources(mut self, clock: Clock, nonces: NonceSource) -> Self {
        self.clock = clock;
        self.nonces = nonces;
        self
    }

    /// The server's address as given, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The endpoints of a provider's node, signed by the operator's key.
    pub fn node(&self, signer: Arc<dyn RequestSigner>) -> NodeClient {
        NodeClient::new(self.clone(), signer)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        let request = self.http.get(format!("{}{path}", self.base)).timeout(TIMEOUT);
        self.json(path, request).await
    }

    async fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T, ApiError> {
        let request = self.http.post(format!("{}{path}", self.base)).timeout(TIMEOUT).json(body);
        self.json(path, request).await
    }

    async fn post_bearer<B: Serialize, T: DeserializeOwned>(
        &self,
        token: &str,
        path: &str,
        body: &B,
    ) -> Result<T, ApiError> {
        let request = self.http.post(format!("{}{path}", self.base)).timeout(TIMEOUT).bearer_auth(token).json(body);
        self.json(path, request).await
    }

    async fn post_signed<B: Serialize, T: DeserializeOwned>(
        &self,
        signer: &dyn RequestSigner,
        path: &str,
        body: &B,
    ) -> Result<T, ApiError> {
        let bytes =
            serde_json::to_vec(body).map_err(|e| ApiError::Encode { path: path.to_owned(), reason: e.to_string() })?;
        let headers = request::sign(
            signer,
            &Signed {
                method: Method::POST.as_str(),
                path_and_query: path,
                body_hash: request::body_hash(&bytes),
                timestamp_ms: (self.clock)(),
                nonce: (self.nonces)()?,
            },
        );
        let mut builder = self
            .http
            .post(format!("{}{path}", self.base))
            .timeout(TIMEOUT)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(bytes);
        for (name, value) in headers.pairs() {
            builder = builder.header(name, value);
        }
        self.json(path, builder).await
    }

    async fn json<T: DeserializeOwned>(&self, path: &str, request: RequestBuilder) -> Result<T, ApiError> {
        let response = self.send(path, request).await?;
        let bytes = limited_body(path, response, MAX_REPLY_BYTES).await?;
        serde_json::from_slice(&bytes).map_err(|e| ApiError::Decode { path: path.to_owned(), reason: e.to_string() })
    }

    /// Sends, and turns every status but success into an error.
    async fn send(&self, path: &str, request: RequestBuilder) -> Result<Response, ApiError> {
        let response = request.send().await.map_err(|source| ApiError::transport(path, source))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let bytes = limited_body(path, response, MAX_REPLY_BYTES).await?;
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Err(ApiError::Problem { path: path.to_owned(), problem: Box::new(problem) }),
            Err(_) => Err(ApiError::Status { path: path.to_owned(), status: status.as_u16() }),
        }
    }
}

/// Reads a body of at most `limit` bytes: what a server sends is not trusted.
async fn limited_body(path: &str, mut response: Response, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| ApiError::transport(path, source))? {
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::TooLarge { path: path.to_owned(), limit });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn random_nonce() -> Result<[u8; 16], ApiError> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|e| ApiError::Random { reason: e.to_string() })?;
    Ok(nonce)
}
