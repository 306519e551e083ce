//! `GET /v1/leases/{lease}/usage`.

use axum::Json;
use axum::extract::State;
use mira_wire::usage::StoredUsage;
use mira_wire::{KeyStr, Page, PageQuery, Problem};

use super::show::find;
use crate::extract::{Address, Params};
use crate::problem::Result;
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "usage";

/// What the provider reported under a lease, by `seq`.
#[utoipa::path(get, path = "/v1/leases/{lease}/usage", tag = "leases", summary = "A lease's usage reports",
    params(("lease" = KeyStr, Path, description = "The lease's account"), PageQuery),
    responses((status = 200, body = Page<StoredUsage>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn usage(
    State(state): State<AppState>,
    Address(key): Address,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<StoredUsage>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let after = query.cursor.as_deref().map(|text| cursor::number(LIST, text)).transpose()?.unwrap_or(0);
    find(&state, &key).await?;
    // One more than asked for tells whether there is a next page.
    let mut rows = state.store.usage(&key, after, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map(|row| cursor::after_number(LIST, row.seq));
    Ok(page(context, rows.iter().map(convert::usage_to_wire).collect(), next))
}
