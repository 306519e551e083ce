//! `POST /v1/route/{route}/done`: an attempt has ended.

use axum::Json;
use axum::extract::State;
use mira_wire::route::{RouteAck, RouteDone};
use mira_wire::{Problem, U64Str};

use super::ended;
use crate::auth::SessionJob;
use crate::extract::{Body, Number};
use crate::problem::Result;
use crate::state::AppState;

/// Notes how an attempt ended: what it held is free again, and what it took counts for later routes.
#[utoipa::path(post, path = "/v1/route/{route}/done", tag = "route", summary = "Report how an attempt ended",
    params(("route" = U64Str, Path, description = "The route's number")), request_body = RouteDone,
    responses((status = 200, body = RouteAck),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn end(
    State(state): State<AppState>,
    SessionJob(job): SessionJob,
    Number(route): Number,
    Body(report): Body<RouteDone>,
) -> Result<Json<RouteAck>> {
    let over = state.dispatch.route_done(job, ended(route, &report)).await?;
    Ok(Json(RouteAck { over }))
}
