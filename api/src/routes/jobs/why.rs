//! `GET /v1/jobs/{job}/why`.

use axum::Json;
use axum::extract::State;
use mira_wire::decision::Why;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use super::show::find;
use crate::convert;
use crate::extract::Address;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, reply};

/// What a job waits for: which limit rejected how many providers.
#[utoipa::path(get, path = "/v1/jobs/{job}/why", tag = "jobs", summary = "Why a job has the leases it has, or none",
    params(("job" = KeyStr, Path, description = "The job's account")),
    responses((status = 200, body = Reply<Why>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn why(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<Why>>> {
    let context = state.context();
    find(&state, &key).await?;
    let why = state
        .dispatch
        .why(key)
        .await?
        .ok_or_else(|| ApiProblem::new(Kind::JobNotPlaced, format!("POST /v1/jobs/{}/place first", KeyStr(key))))?;
    Ok(reply(context, convert::why(&key, why)))
}
