//! `GET /v1/epochs/{number}`.

use axum::Json;
use axum::extract::State;
use mira_wire::epoch::Epoch;
use mira_wire::{Kind, Problem, Reply, U64Str};

use crate::convert;
use crate::extract::Number;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::{AppState, reply};

/// One reward epoch.
#[utoipa::path(get, path = "/v1/epochs/{number}", tag = "epochs", summary = "One reward epoch",
    params(("number" = U64Str, Path, description = "The epoch's number; the first is 1")),
    responses((status = 200, body = Reply<Epoch>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Number(number): Number) -> Result<Json<Reply<Epoch>>> {
    let context = state.context();
    match state.store.epoch(number).await? {
        Some(row) => Ok(reply(context, convert::epoch(&row).map_err(ApiProblem::internal)?)),
        None => refuse(Kind::EpochNotFound, format!("nothing was approved for epoch {number} yet")),
    }
}
