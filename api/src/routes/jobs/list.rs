//! `GET /v1/jobs`.

use axum::Json;
use axum::extract::State;
use mira_core::tier::Tier;
use mira_store::model::{JobFilter, JobState};
use mira_wire::job::{Job, JobsQuery};
use mira_wire::{Kind, Page, Problem};

use crate::extract::Params;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "jobs";

/// Jobs by key, or last changed first.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", summary = "All jobs", params(JobsQuery),
    responses((status = 200, body = Page<Job>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<JobsQuery>) -> Result<Json<Page<Job>>> {
    let context = state.context();
    let request = cursor::page(LIST, query.sort.as_deref(), query.limit, query.cursor.as_deref())?;
    let found = state.store.jobs(&filter(&query)?, request).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|row| cursor::next(LIST, request.order, &row.job, &row.ord));
    Ok(page(context, found.rows.iter().map(convert::job).collect(), next))
}

fn filter(query: &JobsQuery) -> Result<JobFilter> {
    let status = |text: &String| {
        JobState::parse(text).ok_or_else(|| {
            ApiProblem::new(Kind::InvalidParameter, format!("status {text:?}: use open, closing or closed"))
        })
    };
    let tier = |text: &String| {
        Tier::parse(text).map_err(|error| ApiProblem::new(Kind::UnknownTier, format!("{text:?}: {error}")))
    };
    Ok(JobFilter {
        requester: query.requester.map(|key| key.get()),
        dispatcher: query.dispatcher.map(|key| key.get()),
        status: query.status.as_ref().map(status).transpose()?,
        tier: query.tier.as_ref().map(tier).transpose()?,
    })
}
