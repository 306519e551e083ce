//! `GET /v1/dispatch/epochs/{number}`.

use axum::Json;
use axum::extract::State;
use mira_wire::dispatch::DispatchEpoch;
use mira_wire::{Kind, Problem, Reply, U64Str};

use crate::convert;
use crate::extract::Number;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// One closed dispatch epoch.
#[utoipa::path(get, path = "/v1/dispatch/epochs/{number}", tag = "dispatch", summary = "One dispatch epoch",
    params(("number" = U64Str, Path, description = "The epoch's number; the first is 1")),
    responses((status = 200, body = Reply<DispatchEpoch>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn epoch(State(state): State<AppState>, Number(number): Number) -> Result<Json<Reply<DispatchEpoch>>> {
    let context = state.context();
    match state.store.dispatch_epoch(number).await? {
        Some(row) => Ok(reply(context, convert::dispatch_epoch(&row))),
        None => {
            refuse(Kind::DispatchEpochNotFound, format!("epoch {number} is not closed, or nothing was decided in it"))
        }
    }
}
