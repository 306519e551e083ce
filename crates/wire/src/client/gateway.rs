//! What a gateway does: a session per job, then a route per request.

use std::sync::Arc;

use super::{ApiClient, ApiError};
use crate::KeyStr;
use crate::request::RequestSigner;
use crate::route::{Hedge, HedgeRequest, Route, RouteAck, RouteDone, RouteRequest, Session, SessionRequest};

/// The routing endpoints of one job's session. Cheap to clone.
#[derive(Clone)]
pub struct RouteClient {
    api: ApiClient,
    token: Arc<str>,
}

impl std::fmt::Debug for RouteClient {
    /// Never the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RouteClient").field("api", &self.api).finish_non_exhaustive()
    }
}

impl ApiClient {
    /// `POST /v1/route/sessions`, signed by the job's requester or voucher signer.
    pub async fn session(&self, signer: &dyn RequestSigner, job: KeyStr) -> Result<Session, ApiError> {
        self.post_signed(signer, "/v1/route/sessions", &SessionRequest { job }).await
    }

    /// The routes of a session.
    pub fn routes(&self, session: &Session) -> RouteClient {
        RouteClient { api: self.clone(), token: session.token.as_str().into() }
    }
}

impl RouteClient {
    /// `POST /v1/route`.
    pub async fn route(&self, request: &RouteRequest) -> Result<Route, ApiError> {
        self.api.post_bearer(&self.token, "/v1/route", request).await
    }

    /// `POST /v1/route/{route}/hedge`.
    pub async fn hedge(&self, route: u64) -> Result<Hedge, ApiError> {
        self.api.post_bearer(&self.token, &format!("/v1/route/{route}/hedge"), &HedgeRequest {}).await
    }

    /// `POST /v1/route/{route}/done`.
    pub async fn done(&self, route: u64, done: &RouteDone) -> Result<RouteAck, ApiError> {
        self.api.post_bearer(&self.token, &format!("/v1/route/{route}/done"), done).await
    }
}
