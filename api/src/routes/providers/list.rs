//! `GET /v1/providers`.

use axum::Json;
use axum::extract::State;
use mira_core::label::Label;
use mira_store::model::{ProviderFilter, ProviderStatus};
use mira_wire::provider::{Provider, ProvidersQuery};
use mira_wire::{Kind, Page, Problem};

use crate::extract::Params;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "providers";

/// Providers by key, or last changed first.
#[utoipa::path(get, path = "/v1/providers", tag = "providers", summary = "All providers", params(ProvidersQuery),
    responses((status = 200, body = Page<Provider>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(
    State(state): State<AppState>,
    Params(query): Params<ProvidersQuery>,
) -> Result<Json<Page<Provider>>> {
    let context = state.context();
    let request = cursor::page(LIST, query.sort.as_deref(), query.limit, query.cursor.as_deref())?;
    let found = state.store.providers(&filter(&query)?, request).await?;
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|row| cursor::next(LIST, request.order, &row.provider, &row.ord));
    let rows: Result<_, _> = found.rows.iter().map(convert::provider).collect();
    Ok(page(context, rows.map_err(ApiProblem::internal)?, next))
}

fn filter(query: &ProvidersQuery) -> Result<ProviderFilter> {
    Ok(ProviderFilter {
        status: query.status.as_deref().map(status).transpose()?,
        region: query.region.as_deref().map(label).transpose()?,
        resource_class: query.resource_class.as_deref().map(label).transpose()?,
        owner: query.owner.map(|key| key.get()),
        operator: query.operator.map(|key| key.get()),
    })
}

fn status(text: &str) -> Result<ProviderStatus> {
    ProviderStatus::parse(text).ok_or_else(|| {
        ApiProblem::new(Kind::InvalidParameter, format!("status {text:?}: use active, draining or jailed"))
    })
}

fn label(text: &str) -> Result<[u8; 16]> {
    Label::parse(text)
        .map(|label| *label.bytes())
        .map_err(|error| ApiProblem::new(Kind::InvalidParameter, format!("{text:?}: {error}")))
}
