//! `GET /v1/reconciliation`: the differences that the newest run of `mira reconcile` kept.

use axum::Json;
use axum::extract::State;
use mira_store::model::ReconClass;
use mira_wire::reconciliation::{BookDifference, ReconciliationQuery};
use mira_wire::{Kind, Page, Problem};

use crate::extract::Params;
use crate::problem::{Result, refuse};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "reconciliation";

/// Differences by lease and class; none if no run was kept, or if all books agreed.
#[utoipa::path(get, path = "/v1/reconciliation", tag = "reconciliation",
    summary = "Where reported, vouchered and settled differ", params(ReconciliationQuery),
    responses((status = 200, body = Page<BookDifference>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(
    State(state): State<AppState>,
    Params(query): Params<ReconciliationQuery>,
) -> Result<Json<Page<BookDifference>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let class = query.class.as_deref().map(class).transpose()?;
    let after = query.cursor.as_deref().map(|text| cursor::item(LIST, text)).transpose()?;
    let (run, after) = match after {
        Some((run, lease, class)) => (run, Some((lease, class))),
        None => (state.store.last_recon().await?.map_or(0, |run| run.run), None),
    };
    let found = state.store.recon_items(run, class, after, limit).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|item| cursor::after_item(LIST, item.run, &item.lease, item.class));
    Ok(page(context, found.rows.iter().map(convert::book_difference).collect(), next))
}

fn class(name: &str) -> Result<ReconClass> {
    match ReconClass::parse(name) {
        Some(class) => Ok(class),
        None => refuse(Kind::InvalidParameter, format!("class {name:?} does not exist")),
    }
}
