//! `POST /v1/route/sessions`: a token for the routes of one job.

use axum::Json;
use axum::extract::State;
use mira_wire::route::{Session, SessionRequest};
use mira_wire::{KeyStr, Kind, Problem, Time};

use crate::auth::{SESSION_MS, SignedBody};
use crate::problem::{Result, refuse};
use crate::routes::jobs::show::find;
use crate::state::AppState;

/// Opens a session for a job, for its requester or its voucher signer. It is good for an hour, on every replica, and
/// cannot be taken back before: what it can do is bounded by the caps of the job's leases.
#[utoipa::path(post, path = "/v1/route/sessions", tag = "route", summary = "Open a session for routing (signed)",
    request_body = SessionRequest,
    responses((status = 200, body = Session),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn sessions(State(state): State<AppState>, signed: SignedBody<SessionRequest>) -> Result<Json<Session>> {
    let job = find(&state, &signed.body.job.get()).await?;
    if signed.key != job.requester && signed.key != job.voucher_signer {
        return refuse(
            Kind::WrongRequester,
            format!("{} is neither the requester nor the voucher signer of that job", KeyStr(signed.key)),
        );
    }
    let expires_ms = state.now_ms().saturating_add(SESSION_MS);
    Ok(Json(Session {
        job: signed.body.job,
        token: state.sessions.token(&job.job, expires_ms),
        expires_at: Time::from_unsigned_ms(expires_ms),
    }))
}
