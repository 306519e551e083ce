//! What a requester does, beside its transactions on chain.

use bytes::Bytes;

use super::{ApiClient, ApiError, limited_body};
use crate::blob::{self, BlobStored};
use crate::job::{PlaceRequest, Placed};
use crate::quote::{Promise, Quote, QuoteRequest};
use crate::request::body_hash;
use crate::voucher::{StoredVoucher, Voucher};
use crate::{HashHex, KeyStr, Reply};

/// The longest blob that is read into memory; a server's own limit is lower by default.
const MAX_BLOB_BYTES: usize = 1 << 30;
/// How long an upload or a download may take.
const BLOB_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(300);

impl ApiClient {
    /// `PUT /v1/blobs/{hash}` under the hash of the bytes.
    pub async fn put_blob(&self, bytes: Bytes) -> Result<BlobStored, ApiError> {
        let hash = HashHex(body_hash(&bytes));
        let path = format!("/v1/blobs/{hash}");
        let request = self
            .http
            .put(format!("{}{path}", self.base))
            .timeout(BLOB_TIMEOUT)
            .header(reqwest::header::CONTENT_TYPE, blob::CONTENT_TYPE)
            .body(bytes);
        self.json(&path, request).await
    }

    /// `GET /v1/blobs/{hash}`: bytes that have this hash, or an error.
    pub async fn get_blob(&self, hash: HashHex) -> Result<Bytes, ApiError> {
        let path = format!("/v1/blobs/{hash}");
        let request = self.http.get(format!("{}{path}", self.base)).timeout(BLOB_TIMEOUT);
        let response = self.send(&path, request).await?;
        let bytes = limited_body(&path, response, MAX_BLOB_BYTES).await?;
        let got = HashHex(body_hash(&bytes));
        if got != hash {
            return Err(ApiError::HashMismatch { wanted: hash, got });
        }
        Ok(Bytes::from(bytes))
    }

    /// `POST /v1/quotes`.
    pub async fn quote(&self, request: &QuoteRequest) -> Result<Reply<Quote>, ApiError> {
        self.post("/v1/quotes", request).await
    }

    /// `POST /v1/jobs/{job}/place`.
    pub async fn place(&self, job: KeyStr) -> Result<Reply<Placed>, ApiError> {
        self.place_quoted(job, None).await
    }

    /// `POST /v1/jobs/{job}/place`, on the strength of a quote.
    pub async fn place_quoted(&self, job: KeyStr, promise: Option<Promise>) -> Result<Reply<Placed>, ApiError> {
        self.post(&format!("/v1/jobs/{job}/place"), &PlaceRequest { promise }).await
    }

    /// `POST /v1/vouchers`.
    pub async fn post_voucher(&self, voucher: &Voucher) -> Result<StoredVoucher, ApiError> {
        self.post("/v1/vouchers", voucher).await
    }
}
