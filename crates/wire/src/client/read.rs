//! What anyone may read.

use super::{ApiClient, ApiError, EventStream, limited_body};
use crate::audit::{Audit, AuditsQuery};
use crate::decision::{Decision, RouteDecision, Why};
use crate::dispatch::{DecisionProof, DispatchEpoch};
use crate::dispute::{Dispute, DisputesQuery};
use crate::epoch::Epoch;
use crate::event::Event;
use crate::health::{Live, Ready};
use crate::index::Index;
use crate::job::{Job, JobsQuery, Shards};
use crate::lease::{Lease, LeasesQuery};
use crate::network::Network;
use crate::page::Query as _;
use crate::provider::{Provider, ProvidersQuery};
use crate::reconciliation::{BookDifference, ReconciliationQuery};
use crate::usage::StoredUsage;
use crate::voucher::StoredVoucher;
use crate::{HashHex, KeyStr, Page, PageQuery, Reply};

/// The longest metrics text that is read.
const MAX_TEXT_BYTES: usize = 16 << 20;

impl ApiClient {
    /// `GET /`.
    pub async fn index(&self) -> Result<Index, ApiError> {
        let request = self.http.get(format!("{}/", self.base)).header("accept", "application/json");
        self.json("/", request).await
    }

    /// `GET /livez`.
    pub async fn livez(&self) -> Result<Live, ApiError> {
        self.get("/livez").await
    }

    /// `GET /readyz`. Not ready is an answer here, not an error.
    pub async fn readyz(&self) -> Result<Ready, ApiError> {
        let path = "/readyz";
        let request = self.http.get(format!("{}{path}", self.base)).timeout(super::TIMEOUT);
        let response = request.send().await.map_err(|source| ApiError::transport(path, source))?;
        let status = response.status().as_u16();
        let bytes = limited_body(path, response, MAX_TEXT_BYTES).await?;
        serde_json::from_slice(&bytes).map_err(|_| ApiError::Status { path: path.to_owned(), status })
    }

    /// `GET /metrics`, as Prometheus text.
    pub async fn metrics(&self) -> Result<String, ApiError> {
        self.text("/metrics").await
    }

    /// `GET /v1/openapi.json`, as text.
    pub async fn openapi(&self) -> Result<String, ApiError> {
        self.text("/v1/openapi.json").await
    }

    async fn text(&self, path: &str) -> Result<String, ApiError> {
        let request = self.http.get(format!("{}{path}", self.base)).timeout(super::TIMEOUT);
        let response = self.send(path, request).await?;
        let bytes = limited_body(path, response, MAX_TEXT_BYTES).await?;
        String::from_utf8(bytes).map_err(|e| ApiError::Decode { path: path.to_owned(), reason: e.to_string() })
    }

    /// `GET /v1/network`.
    pub async fn network(&self) -> Result<Reply<Network>, ApiError> {
        self.get("/v1/network").await
    }

    /// `GET /v1/providers`.
    pub async fn providers(&self, query: &ProvidersQuery) -> Result<Page<Provider>, ApiError> {
        self.get(&format!("/v1/providers{}", query.to_query())).await
    }

    /// `GET /v1/providers/{provider}`.
    pub async fn provider(&self, provider: KeyStr) -> Result<Reply<Provider>, ApiError> {
        self.get(&format!("/v1/providers/{provider}")).await
    }

    /// `GET /v1/jobs`.
    pub async fn jobs(&self, query: &JobsQuery) -> Result<Page<Job>, ApiError> {
        self.get(&format!("/v1/jobs{}", query.to_query())).await
    }

    /// `GET /v1/jobs/{job}`.
    pub async fn job(&self, job: KeyStr) -> Result<Reply<Job>, ApiError> {
        self.get(&format!("/v1/jobs/{job}")).await
    }

    /// `GET /v1/jobs/{job}/leases`.
    pub async fn job_leases(&self, job: KeyStr, query: &LeasesQuery) -> Result<Page<Lease>, ApiError> {
        self.get(&format!("/v1/jobs/{job}/leases{}", query.to_query())).await
    }

    /// `GET /v1/jobs/{job}/shards`.
    pub async fn job_shards(&self, job: KeyStr, page: &PageQuery) -> Result<Reply<Shards>, ApiError> {
        self.get(&format!("/v1/jobs/{job}/shards{}", page.to_query())).await
    }

    /// `GET /v1/jobs/{job}/why`.
    pub async fn job_why(&self, job: KeyStr) -> Result<Reply<Why>, ApiError> {
        self.get(&format!("/v1/jobs/{job}/why")).await
    }

    /// `GET /v1/decisions/{id}`.
    pub async fn decision(&self, id: HashHex) -> Result<Reply<Decision>, ApiError> {
        self.get(&format!("/v1/decisions/{id}")).await
    }

    /// `GET /v1/decisions/{number}`: a route.
    pub async fn route_decision(&self, number: u64) -> Result<Reply<RouteDecision>, ApiError> {
        self.get(&format!("/v1/decisions/{number}")).await
    }

    /// `GET /v1/decisions/{id}/proof`: of a placement by its id, or of a route by its number.
    pub async fn decision_proof(&self, id: &str) -> Result<Reply<DecisionProof>, ApiError> {
        self.get(&format!("/v1/decisions/{id}/proof")).await
    }

    /// `GET /v1/dispatch/epochs`, newest first.
    pub async fn dispatch_epochs(&self, query: &PageQuery) -> Result<Page<DispatchEpoch>, ApiError> {
        self.get(&format!("/v1/dispatch/epochs{}", query.to_query())).await
    }

    /// `GET /v1/dispatch/epochs/{number}`.
    pub async fn dispatch_epoch(&self, number: u64) -> Result<Reply<DispatchEpoch>, ApiError> {
        self.get(&format!("/v1/dispatch/epochs/{number}")).await
    }

    /// `GET /v1/leases`.
    pub async fn leases(&self, query: &LeasesQuery) -> Result<Page<Lease>, ApiError> {
        self.get(&format!("/v1/leases{}", query.to_query())).await
    }

    /// `GET /v1/leases/{lease}`.
    pub async fn lease(&self, lease: KeyStr) -> Result<Reply<Lease>, ApiError> {
        self.get(&format!("/v1/leases/{lease}")).await
    }

    /// `GET /v1/disputes`.
    pub async fn disputes(&self, query: &DisputesQuery) -> Result<Page<Dispute>, ApiError> {
        self.get(&format!("/v1/disputes{}", query.to_query())).await
    }

    /// `GET /v1/disputes/{dispute}`.
    pub async fn dispute(&self, dispute: KeyStr) -> Result<Reply<Dispute>, ApiError> {
        self.get(&format!("/v1/disputes/{dispute}")).await
    }

    /// `GET /v1/epochs`, newest first.
    pub async fn epochs(&self, query: &PageQuery) -> Result<Page<Epoch>, ApiError> {
        self.get(&format!("/v1/epochs{}", query.to_query())).await
    }

    /// `GET /v1/epochs/{number}`.
    pub async fn epoch(&self, number: u64) -> Result<Reply<Epoch>, ApiError> {
        self.get(&format!("/v1/epochs/{number}")).await
    }

    /// `GET /v1/reconciliation`: where the books of leases differ.
    pub async fn reconciliation(&self, query: &ReconciliationQuery) -> Result<Page<BookDifference>, ApiError> {
        self.get(&format!("/v1/reconciliation{}", query.to_query())).await
    }

    /// `GET /v1/audits`: what other operators got for the same shards.
    pub async fn audits(&self, query: &AuditsQuery) -> Result<Page<Audit>, ApiError> {
        self.get(&format!("/v1/audits{}", query.to_query())).await
    }

    /// `GET /v1/leases/{lease}/usage`: its reports, by `seq`.
    pub async fn lease_usage(&self, lease: KeyStr, page: &PageQuery) -> Result<Page<StoredUsage>, ApiError> {
        self.get(&format!("/v1/leases/{lease}/usage{}", page.to_query())).await
    }

    /// `GET /v1/leases/{lease}/voucher`: the newest.
    pub async fn lease_voucher(&self, lease: KeyStr) -> Result<Reply<StoredVoucher>, ApiError> {
        self.get(&format!("/v1/leases/{lease}/voucher")).await
    }

    /// `GET /v1/events`: the ledger of finalized events, oldest first.
    pub async fn events(&self, page: &PageQuery) -> Result<Page<Event>, ApiError> {
        self.get(&format!("/v1/events{}", page.to_query())).await
    }

    /// `GET /v1/stream`: finalized events as they come, after `last_event_id` if given, else from
    /// now on.
    pub async fn stream(&self, last_event_id: Option<&str>) -> Result<EventStream, ApiError> {
        let path = "/v1/stream";
        let mut request = self.http.get(format!("{}{path}", self.base));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        Ok(EventStream::new(self.send(path, request).await?))
    }
}
