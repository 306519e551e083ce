//! `GET /v1/decisions/{id}`.

use axum::Json;
use axum::extract::State;
use mira_wire::decision::AnyDecision;
use mira_wire::{HashHex, Kind, Problem, Reply};

use crate::convert;
use crate::dispatch::DecisionId;
use crate::extract::Decision;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// One decision, with everything it was made of.
#[utoipa::path(get, path = "/v1/decisions/{id}", tag = "decisions", summary = "One decision: a placement or a route",
    params(("id" = String, Path, description = "A placement's id, or a route's number")),
    responses((status = 200, body = Reply<AnyDecision>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Decision(id): Decision) -> Result<Json<Reply<AnyDecision>>> {
    let context = state.context();
    let (found, name) = match id {
        DecisionId::Placement(id) => {
            let found = state.dispatch.decision(id).await?.map(convert::decision).map(AnyDecision::Placement);
            (found, HashHex(id).to_string())
        }
        DecisionId::Route(number) => {
            let found = state.dispatch.route_record(number).await?.map(convert::route).map(AnyDecision::Route);
            (found, format!("route {number}"))
        }
    };
    match found {
        Some(decision) => Ok(reply(context, decision)),
        None => refuse(Kind::DecisionNotFound, format!("{name} was not made here")),
    }
}
