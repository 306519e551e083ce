//! `GET /v1/providers/{provider}`.

use axum::Json;
use axum::extract::State;
use mira_wire::provider::Provider;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use crate::convert;
use crate::extract::Address;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::{AppState, reply};

/// One provider.
#[utoipa::path(get, path = "/v1/providers/{provider}", tag = "providers", summary = "One provider",
    params(("provider" = KeyStr, Path, description = "The provider's account")),
    responses((status = 200, body = Reply<Provider>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<Provider>>> {
    let context = state.context();
    match state.store.provider(&key).await? {
        Some(row) => Ok(reply(context, convert::provider(&row).map_err(ApiProblem::internal)?)),
        None => refuse(Kind::ProviderNotFound, format!("{} is not a provider's account", KeyStr(key))),
    }
}
