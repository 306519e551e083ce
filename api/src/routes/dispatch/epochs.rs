//! `GET /v1/dispatch/epochs`.

use axum::Json;
use axum::extract::State;
use mira_wire::dispatch::DispatchEpoch;
use mira_wire::{Page, PageQuery, Problem};

use crate::extract::Params;
use crate::problem::Result;
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "dispatch-epochs";

/// Closed dispatch epochs, newest first.
#[utoipa::path(get, path = "/v1/dispatch/epochs", tag = "dispatch", summary = "All dispatch epochs", params(PageQuery),
    responses((status = 200, body = Page<DispatchEpoch>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn epochs(
    State(state): State<AppState>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<DispatchEpoch>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let before = query.cursor.as_deref().map(|text| cursor::small_number(LIST, text)).transpose()?;
    let found = state.store.dispatch_epochs(before, limit).await?;
    let next = found.rows.last().filter(|_| found.more).map(|row| cursor::after_number(LIST, row.number));
    Ok(page(context, found.rows.iter().map(convert::dispatch_epoch).collect(), next))
}
