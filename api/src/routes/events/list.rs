//! `GET /v1/events`.

use axum::Json;
use axum::extract::State;
use mira_wire::event::Event;
use mira_wire::{Page, PageQuery, Problem};

use crate::extract::Params;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "events";

/// The ledger of finalized events, oldest first.
#[utoipa::path(get, path = "/v1/events", tag = "events", summary = "The ledger of finalized events", params(PageQuery),
    responses((status = 200, body = Page<Event>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<PageQuery>) -> Result<Json<Page<Event>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let after = query.cursor.as_deref().map(|text| cursor::ord(LIST, text)).transpose()?;
    // One more than asked for tells whether there is a next page.
    let mut rows = state.store.events_after(after, None, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map(|row| cursor::at_ord(LIST, &row.ord));
    let events: Result<_, _> = rows.iter().map(convert::event).collect();
    Ok(page(context, events.map_err(ApiProblem::internal)?, next))
}
