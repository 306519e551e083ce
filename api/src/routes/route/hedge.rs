//! `POST /v1/route/{route}/hedge`: the first token is late.

use axum::Json;
use axum::extract::State;
use mira_wire::route::{Hedge, HedgeRequest};
use mira_wire::{Problem, U64Str};

use super::target;
use crate::auth::SessionJob;
use crate::extract::{Body, Number};
use crate::problem::Result;
use crate::state::AppState;

/// Chooses where a late request is sent a second time, of another owner. At most one in twenty requests is, so this may
/// be refused: then wait on.
#[utoipa::path(post, path = "/v1/route/{route}/hedge", tag = "route", summary = "Send a late request a second time",
    params(("route" = U64Str, Path, description = "The route's number")), request_body = HedgeRequest,
    responses((status = 200, body = Hedge),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn hedge(
    State(state): State<AppState>,
    SessionJob(job): SessionJob,
    Number(route): Number,
    Body(HedgeRequest {}): Body<HedgeRequest>,
) -> Result<Json<Hedge>> {
    let hedged = state.dispatch.hedge(job, route).await?;
    Ok(Json(Hedge { target: target(&hedged) }))
}
