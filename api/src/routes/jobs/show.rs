//! `GET /v1/jobs/{job}`.

use axum::Json;
use axum::extract::State;
use mira_core::Key;
use mira_store::model::JobRow;
use mira_wire::job::Job;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use crate::convert;
use crate::extract::Address;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, reply};

/// One job, also after it was closed.
#[utoipa::path(get, path = "/v1/jobs/{job}", tag = "jobs", summary = "One job",
    params(("job" = KeyStr, Path, description = "The job's account")),
    responses((status = 200, body = Reply<Job>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<Job>>> {
    let context = state.context();
    let row = find(&state, &key).await?;
    Ok(reply(context, convert::job(&row)))
}

/// The job's row.
pub(in crate::routes) async fn find(state: &AppState, key: &Key) -> Result<JobRow> {
    state.store.job(key).await?.ok_or_else(|| {
        ApiProblem::new(
            Kind::JobNotFound,
            format!("{}: if it was just created, wait until it is final and indexed", KeyStr(*key)),
        )
    })
}
