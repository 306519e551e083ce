//! `GET /v1/leases`.

use axum::Json;
use axum::extract::State;
use mira_store::model::LeaseFilter;
use mira_wire::lease::{Lease, LeasesQuery};
use mira_wire::{Page, Problem};

use crate::extract::Params;
use crate::problem::Result;
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "leases";

/// Leases by key, or last changed first.
#[utoipa::path(get, path = "/v1/leases", tag = "leases", summary = "All leases", params(LeasesQuery),
    responses((status = 200, body = Page<Lease>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<LeasesQuery>) -> Result<Json<Page<Lease>>> {
    find_page(&state, &query).await
}

/// The page that a query asks for; also for a job's leases.
pub(in crate::routes) async fn find_page(state: &AppState, query: &LeasesQuery) -> Result<Json<Page<Lease>>> {
    let context = state.context();
    let request = cursor::page(LIST, query.sort.as_deref(), query.limit, query.cursor.as_deref())?;
    let filter = LeaseFilter {
        job: query.job.map(|key| key.get()),
        provider: query.provider.map(|key| key.get()),
        released: query.released,
        ended: query.ended,
    };
    let found = state.store.leases(&filter, request).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|row| cursor::next(LIST, request.order, &row.lease, &row.ord));
    Ok(page(context, found.rows.iter().map(convert::lease).collect(), next))
}
