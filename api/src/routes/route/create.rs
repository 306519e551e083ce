//! `POST /v1/route`: where one request goes.

use axum::Json;
use axum::extract::State;
use mira_core::amount::Units;
use mira_core::label::Label;
use mira_wire::route::{MAX_ENDED, Route, RouteRequest};
use mira_wire::{Kind, Problem};

use super::{ended, target};
use crate::auth::SessionJob;
use crate::dispatch;
use crate::extract::Body;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;

/// Chooses the lease that serves one request, and who is asked if that is slow. What the request may use is held of both
/// leases' caps before this answers.
#[utoipa::path(post, path = "/v1/route", tag = "route", summary = "Route one interactive request",
    request_body = RouteRequest,
    responses((status = 200, body = Route),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn create(
    State(state): State<AppState>,
    SessionJob(job): SessionJob,
    Body(request): Body<RouteRequest>,
) -> Result<Json<Route>> {
    if request.max_units.get() == 0 {
        return refuse(Kind::InvalidBody, "max_units must be at least 1");
    }
    let label = |text: &str| {
        Label::parse(text).map_err(|error| ApiProblem::new(Kind::InvalidLabel, format!("{text:?}: {error}")))
    };
    let origin = request.region.as_deref().map(label).transpose()?;
    if request.ended.len() > MAX_ENDED {
        return refuse(Kind::InvalidBody, format!("ended may have at most {MAX_ENDED} entries"));
    }
    let ended = request.ended.iter().map(|of| ended(of.route.get(), &of.done)).collect();
    let ask = dispatch::RouteAsk { job, origin, max_units: Units::new(request.max_units.get()), ended };
    let routed = state.dispatch.route(ask).await?;
    Ok(Json(Route {
        route: routed.route.into(),
        decision: routed.decision.into(),
        primary: target(&routed.primary),
        backup: routed.backup.as_ref().map(target),
        hedge_after_us: routed.hedge_after_us.into(),
    }))
}
