//! `GET /v1/jobs/{job}/shards`.

use axum::Json;
use axum::extract::State;
use mira_wire::job::Shards;
use mira_wire::{KeyStr, Kind, PageQuery, Problem, Reply};

use super::show::find;
use crate::extract::{Address, Params};
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, reply};
use crate::{convert, cursor};

const LIST: &str = "shards";

/// How a job's work stands, what each lease is owed, and a page of its shards in order.
#[utoipa::path(get, path = "/v1/jobs/{job}/shards", tag = "jobs", summary = "How a job's work stands",
    params(("job" = KeyStr, Path, description = "The job's account"), PageQuery),
    responses((status = 200, body = Reply<Shards>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn shards(
    State(state): State<AppState>,
    Address(key): Address,
    Params(query): Params<PageQuery>,
) -> Result<Json<Reply<Shards>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let after = query.cursor.as_deref().map(after).transpose()?;
    find(&state, &key).await?;
    let found = state
        .dispatch
        .shards(key, after, limit)
        .await?
        .ok_or_else(|| ApiProblem::new(Kind::JobNotPlaced, format!("POST /v1/jobs/{}/place first", KeyStr(key))))?;
    let last = found.rows.last().map(|row| row.index);
    let next = last.filter(|last| last.saturating_add(1) < found.total);
    let next = next.map(|last| cursor::after_number(LIST, u64::from(last)));
    Ok(reply(context, convert::shards(&key, found, next)))
}

fn after(text: &str) -> Result<u32> {
    let number = cursor::number(LIST, text)?;
    u32::try_from(number).map_err(|_| ApiProblem::new(Kind::InvalidCursor, "start again without a cursor"))
}
