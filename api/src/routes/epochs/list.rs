//! `GET /v1/epochs`.

use axum::Json;
use axum::extract::State;
use mira_wire::epoch::Epoch;
use mira_wire::{Page, PageQuery, Problem};

use crate::extract::Params;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "epochs";

/// Reward epochs, newest first.
#[utoipa::path(get, path = "/v1/epochs", tag = "epochs", summary = "All reward epochs", params(PageQuery),
    responses((status = 200, body = Page<Epoch>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<PageQuery>) -> Result<Json<Page<Epoch>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let before = query.cursor.as_deref().map(|text| cursor::small_number(LIST, text)).transpose()?;
    let found = state.store.epochs(before, limit).await?;
    let next = found.rows.last().filter(|_| found.more).map(|row| cursor::after_number(LIST, row.number));
    let rows: Result<_, _> = found.rows.iter().map(convert::epoch).collect();
    Ok(page(context, rows.map_err(ApiProblem::internal)?, next))
}
