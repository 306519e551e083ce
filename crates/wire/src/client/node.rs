//! What a provider's node does: every request signed by the operator's key.

use std::sync::Arc;

use super::{ApiClient, ApiError};
use crate::node::{Heartbeat, HeartbeatReply, Offer, OfferAck, ResultReply, ResultRequest, WorkReply, WorkRequest};
use crate::request::RequestSigner;
use crate::usage::{UsageAck, UsageReport};

/// The node's endpoints. Cheap to clone.
#[derive(Clone)]
pub struct NodeClient {
    api: ApiClient,
    signer: Arc<dyn RequestSigner>,
}

impl std::fmt::Debug for NodeClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeClient").field("api", &self.api).finish_non_exhaustive()
    }
}

impl NodeClient {
    pub(super) fn new(api: ApiClient, signer: Arc<dyn RequestSigner>) -> Self {
        Self { api, signer }
    }

    /// The unsigned endpoints of the same server: blobs and reads.
    pub fn api(&self) -> &ApiClient {
        &self.api
    }

    /// `POST /v1/node/offers`.
    pub async fn offer(&self, offer: &Offer) -> Result<OfferAck, ApiError> {
        self.api.post_signed(&*self.signer, "/v1/node/offers", offer).await
    }

    /// `POST /v1/node/heartbeat`.
    pub async fn heartbeat(&self, heartbeat: &Heartbeat) -> Result<HeartbeatReply, ApiError> {
        self.api.post_signed(&*self.signer, "/v1/node/heartbeat", heartbeat).await
    }

    /// `POST /v1/node/work`: returns after `wait_ms` at the latest.
    pub async fn work(&self, request: &WorkRequest) -> Result<WorkReply, ApiError> {
        self.api.post_signed(&*self.signer, "/v1/node/work", request).await
    }

    /// `POST /v1/node/results`.
    pub async fn result(&self, result: &ResultRequest) -> Result<ResultReply, ApiError> {
        self.api.post_signed(&*self.signer, "/v1/node/results", result).await
    }

    /// `POST /v1/node/usage`: stored for good when this returns.
    pub async fn usage(&self, report: &UsageReport) -> Result<UsageAck, ApiError> {
        self.api.post_signed(&*self.signer, "/v1/node/usage", report).await
    }
}
