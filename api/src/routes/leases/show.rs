//! `GET /v1/leases/{lease}`.

use axum::Json;
use axum::extract::State;
use mira_core::Key;
use mira_store::model::LeaseRow;
use mira_wire::lease::Lease;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use crate::convert;
use crate::extract::Address;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, reply};

/// One lease, also after it ended.
#[utoipa::path(get, path = "/v1/leases/{lease}", tag = "leases", summary = "One lease",
    params(("lease" = KeyStr, Path, description = "The lease's account")),
    responses((status = 200, body = Reply<Lease>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<Lease>>> {
    let context = state.context();
    let row = find(&state, &key).await?;
    Ok(reply(context, convert::lease(&row)))
}

/// The lease's row.
pub(in crate::routes) async fn find(state: &AppState, key: &Key) -> Result<LeaseRow> {
    state.store.lease(key).await?.ok_or_else(|| {
        ApiProblem::new(
            Kind::LeaseNotFound,
            format!("{}: if it was just opened, wait until it is final and indexed", KeyStr(*key)),
        )
    })
}
