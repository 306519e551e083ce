//! `GET /v1/disputes/{dispute}`.

use axum::Json;
use axum::extract::State;
use mira_wire::dispute::Dispute;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use crate::convert;
use crate::extract::Address;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// One dispute, also after it was resolved.
#[utoipa::path(get, path = "/v1/disputes/{dispute}", tag = "disputes", summary = "One dispute",
    params(("dispute" = KeyStr, Path, description = "The dispute's account")),
    responses((status = 200, body = Reply<Dispute>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<Dispute>>> {
    let context = state.context();
    match state.store.dispute(&key).await? {
        Some(row) => Ok(reply(context, convert::dispute(&row))),
        None => refuse(Kind::DisputeNotFound, format!("{} is not a dispute's account", KeyStr(key))),
    }
}
