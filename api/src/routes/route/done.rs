//! `POST /v1/route/{route}/done`: an attempt has ended.

use axum::Json;
use axum::extract::State;
use mira_core::amount::Units;
use mira_wire::route::{Leg, LegEnd, RouteAck, RouteDone};
use mira_wire::{Problem, U64Str};

use crate::auth::SessionJob;
use crate::dispatch;
use crate::extract::{Body, Number};
use crate::problem::Result;
use crate::state::AppState;

/// Notes how an attempt ended: what it held is free again, and what it took counts for later routes.
#[utoipa::path(post, path = "/v1/route/{route}/done", tag = "route", summary = "Report how an attempt ended",
    params(("route" = U64Str, Path, description = "The route's number")), request_body = RouteDone,
    responses((status = 200, body = RouteAck),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn done(
    State(state): State<AppState>,
    SessionJob(job): SessionJob,
    Number(route): Number,
    Body(done): Body<RouteDone>,
) -> Result<Json<RouteAck>> {
    let leg = match done.leg {
        Leg::Primary => dispatch::Leg::Primary,
        Leg::Hedge => dispatch::Leg::Hedge,
    };
    let end = match done.end {
        LegEnd::Completed => dispatch::LegEnd::Completed,
        LegEnd::Cancelled => dispatch::LegEnd::Cancelled,
        LegEnd::Failed => dispatch::LegEnd::Failed,
        LegEnd::TimedOut => dispatch::LegEnd::TimedOut,
    };
    let first_token_us = done.first_token_us.map(U64Str::get);
    let done = dispatch::RouteDone { job, route, leg, end, first_token_us, units: Units::new(done.units.get()) };
    Ok(Json(RouteAck { open: state.dispatch.route_done(done).await? }))
}
