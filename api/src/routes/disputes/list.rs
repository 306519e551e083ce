//! `GET /v1/disputes`.

use axum::Json;
use axum::extract::State;
use mira_store::model::{DisputeFilter, DisputeStatus};
use mira_wire::dispute::{Dispute, DisputesQuery};
use mira_wire::{Kind, Page, Problem};

use crate::extract::Params;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "disputes";

/// Disputes by key, or last changed first.
#[utoipa::path(get, path = "/v1/disputes", tag = "disputes", summary = "All disputes", params(DisputesQuery),
    responses((status = 200, body = Page<Dispute>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<DisputesQuery>) -> Result<Json<Page<Dispute>>> {
    let context = state.context();
    let request = cursor::page(LIST, query.sort.as_deref(), query.limit, query.cursor.as_deref())?;
    let filter = DisputeFilter {
        lease: query.lease.map(|key| key.get()),
        provider: query.provider.map(|key| key.get()),
        challenger: query.challenger.map(|key| key.get()),
        status: query.status.as_deref().map(status).transpose()?,
    };
    let found = state.store.disputes(&filter, request).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|row| cursor::next(LIST, request.order, &row.dispute, &row.ord));
    Ok(page(context, found.rows.iter().map(convert::dispute).collect(), next))
}

fn status(text: &str) -> Result<DisputeStatus> {
    DisputeStatus::parse(text).ok_or_else(|| {
        let known = "use open, conceded, contested, upheld, rejected or dismissed";
        ApiProblem::new(Kind::InvalidParameter, format!("status {text:?}: {known}"))
    })
}
