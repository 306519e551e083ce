//! `GET /v1/jobs/{job}/leases`.

use axum::Json;
use axum::extract::State;
use mira_wire::lease::{Lease, LeasesQuery};
use mira_wire::{KeyStr, Kind, Page, Problem};

use super::show::find;
use crate::extract::{Address, Params};
use crate::problem::{Result, refuse};
use crate::routes::leases::list::find_page;
use crate::state::AppState;

/// A job's leases, also those that ended.
#[utoipa::path(get, path = "/v1/jobs/{job}/leases", tag = "jobs", summary = "A job's leases",
    params(("job" = KeyStr, Path, description = "The job's account"), LeasesQuery),
    responses((status = 200, body = Page<Lease>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn leases(
    State(state): State<AppState>,
    Address(key): Address,
    Params(query): Params<LeasesQuery>,
) -> Result<Json<Page<Lease>>> {
    if query.job.is_some() {
        return refuse(Kind::InvalidParameter, "the job is in the path: leave it out of the query");
    }
    find(&state, &key).await?;
    find_page(&state, &LeasesQuery { job: Some(KeyStr(key)), ..query }).await
}
