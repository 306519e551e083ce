//! `GET /v1/audits`: the sampled results with all runs of them, the evidence for a dispute.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use mira_store::model::{AuditFilter, AuditState};
use mira_wire::audit::{Audit, AuditsQuery};
use mira_wire::{Kind, Page, Problem};

use crate::extract::Params;
use crate::problem::{Result, refuse};
use crate::state::{AppState, page};
use crate::{convert, cursor};

const LIST: &str = "audits";

/// Audits by job and shard, each with every run and its output.
#[utoipa::path(get, path = "/v1/audits", tag = "audits",
    summary = "What other operators got for the same shards", params(AuditsQuery),
    responses((status = 200, body = Page<Audit>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn list(State(state): State<AppState>, Params(query): Params<AuditsQuery>) -> Result<Json<Page<Audit>>> {
    let context = state.context();
    let limit = cursor::limit(query.limit)?;
    let filter = AuditFilter {
        job: query.job.map(|key| key.get()),
        lease: query.lease.map(|key| key.get()),
        provider: query.provider.map(|key| key.get()),
        wrong_provider: query.wrong_provider.map(|key| key.get()),
        state: query.state.as_deref().map(parse).transpose()?,
        decided_since_ms: None,
    };
    let after = query.cursor.as_deref().map(|text| cursor::shard(LIST, text)).transpose()?;
    let found = state.store.audits(&filter, after, limit).await?;
    let mut runs = HashMap::new();
    for audit in &found.rows {
        let later = state.store.audit_runs(&audit.job, audit.shard).await?;
        runs.insert((audit.job, audit.shard), later);
    }
    let next = found.rows.last().filter(|_| found.more);
    let next = next.map(|audit| cursor::after_shard(LIST, &audit.job, audit.shard));
    let later = |job, shard| runs.get(&(job, shard)).map_or(&[][..], Vec::as_slice);
    let audits = found.rows.iter().map(|audit| convert::audit(audit, later(audit.job, audit.shard)));
    Ok(page(context, audits.collect(), next))
}

fn parse(name: &str) -> Result<AuditState> {
    match AuditState::parse(name) {
        Some(state) => Ok(state),
        None => refuse(Kind::InvalidParameter, format!("state {name:?} does not exist")),
    }
}
