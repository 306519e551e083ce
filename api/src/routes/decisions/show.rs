//! `GET /v1/decisions/{id}`.

use axum::Json;
use axum::extract::State;
use mira_wire::decision::Decision;
use mira_wire::{HashHex, Kind, Problem, Reply};

use crate::convert;
use crate::extract::Name;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// One decision, with everything it was made of.
#[utoipa::path(get, path = "/v1/decisions/{id}", tag = "decisions", summary = "One placement decision",
    params(("id" = HashHex, Path, description = "The decision")),
    responses((status = 200, body = Reply<Decision>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Name(id): Name) -> Result<Json<Reply<Decision>>> {
    let context = state.context();
    match state.dispatch.decision(id).await? {
        Some(decision) => Ok(reply(context, convert::decision(decision))),
        None => refuse(Kind::DecisionNotFound, format!("{} was not made here", HashHex(id))),
    }
}
