//! `GET /v1/decisions/{id}/proof`.

use axum::Json;
use axum::extract::State;
use mira_wire::dispatch::DecisionProof;
use mira_wire::{Kind, Problem, Reply};

use crate::convert;
use crate::extract::Decision;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// What is recorded of a decision, and the way from there to the root that the dispatcher signed.
#[utoipa::path(get, path = "/v1/decisions/{id}/proof", tag = "decisions", summary = "The proof of a decision",
    params(("id" = String, Path, description = "A placement's id, or a route's number")),
    responses((status = 200, body = Reply<DecisionProof>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn proof(State(state): State<AppState>, Decision(id): Decision) -> Result<Json<Reply<DecisionProof>>> {
    let context = state.context();
    match state.dispatch.proof(id).await? {
        Some(proof) => Ok(reply(context, convert::proof(proof))),
        None => refuse(Kind::DecisionNotFound, "it was not made here"),
    }
}
