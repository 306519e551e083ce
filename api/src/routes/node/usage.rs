//! `POST /v1/node/usage`: what the provider says it used, signed; stored for good when acknowledged.
//!
//! A report that the lease's operator did send but that cannot be counted is set aside as evidence,
//! and changes nothing else.

use axum::Json;
use axum::extract::State;
use mira_core::amount::Units;
use mira_core::hash::Sha2;
use mira_core::{price, usage};
use mira_store::model::{LeaseRow, Put, QuarantinedUsage, UsageReport as Row};
use mira_wire::usage::{UsageAck, UsageReport};
use mira_wire::{KeyStr, Kind, Problem, request};

use crate::auth::SignedBody;
use crate::convert;
use crate::problem::{ApiProblem, Result, refuse};
use crate::routes::leases::show::find;
use crate::state::AppState;

/// Stores the next report of a lease. The very same report again is acknowledged again.
#[utoipa::path(post, path = "/v1/node/usage", tag = "node", summary = "Report usage (signed)",
    request_body = UsageReport,
    responses((status = 200, body = UsageAck),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn usage(State(state): State<AppState>, signed: SignedBody<UsageReport>) -> Result<Json<UsageAck>> {
    let report = signed.body;
    let lease = find(&state, &report.lease.get()).await?;
    if signed.key != lease.operator {
        return refuse(
            Kind::WrongOperator,
            format!("{} is not the operator of lease {}", KeyStr(signed.key), report.lease),
        );
    }
    let row = convert::usage_from_wire(&report, &lease.operator, state.now_signed_ms());
    match count(&state, &lease, &row).await {
        Ok(seq) => Ok(Json(UsageAck { lease: report.lease, seq: seq.into() })),
        Err(problem) => {
            set_aside(&state, row, &problem).await?;
            Err(problem)
        }
    }
}

/// Checks and stores; gives the newest number stored.
async fn count(state: &AppState, lease: &LeaseRow, row: &Row) -> Result<u64> {
    check_signature(state, row).await?;
    let newest = state.store.newest_usage(&[lease.lease]).await?.pop();
    let stored = newest.as_ref().map_or(0, |newest| newest.seq);
    if row.seq == 0 {
        return out_of_sequence(stored);
    }
    if row.seq <= stored {
        // Either a repetition, or another report under a number that is taken.
        return match state.store.put_usage(row.clone()).await? {
            Put::Duplicate | Put::Stored => Ok(stored),
            Put::Conflict => out_of_sequence(stored),
        };
    }
    if row.seq != stored.saturating_add(1) {
        return out_of_sequence(stored);
    }
    check_terms(lease, newest.as_ref(), row)?;
    match state.store.put_usage(row.clone()).await? {
        Put::Stored | Put::Duplicate => Ok(row.seq),
        Put::Conflict => out_of_sequence(stored),
    }
}

fn out_of_sequence(stored: u64) -> Result<u64> {
    refuse(Kind::UsageOutOfSequence, format!("the next one is {}", stored.saturating_add(1)))
}

async fn check_signature(state: &AppState, row: &Row) -> Result<()> {
    let message = usage::message::<Sha2>(&usage::Report {
        program_id: state.program_id,
        cluster_id: state.network().await?.cluster_id,
        lease: row.lease,
        seq: row.seq,
        cumulative_units: row.cumulative_units,
        items: row.items,
        outputs_hash: row.outputs_hash,
    });
    if request::verify_strict(&row.signer, &row.signature, &message) {
        return Ok(());
    }
    refuse(Kind::UsageSignatureInvalid, format!("it must be {}'s over exactly these values", KeyStr(row.signer)))
}

/// What the lease and the report before allow. Pure.
fn check_terms(lease: &LeaseRow, newest: Option<&Row>, row: &Row) -> Result<()> {
    if lease.released || lease.ended {
        return refuse(Kind::LeaseReleased, "nothing can be used under it any more");
    }
    let before = newest.map_or((Units::ZERO, 0), |newest| (newest.cumulative_units, newest.items));
    if row.cumulative_units < before.0 || row.items < before.1 {
        return refuse(Kind::UsageDecreasing, format!("{} units in {} items were reported before", before.0, before.1));
    }
    let worth = price::amount_ceil(row.cumulative_units, lease.unit_price);
    if worth.map_or(true, |worth| worth > lease.cap) {
        return refuse(
            Kind::UsageAboveCap,
            format!("{} units cost more than the cap of {}", row.cumulative_units, lease.cap),
        );
    }
    Ok(())
}

/// Keeps what cannot be counted. A failure of the server itself is no evidence, and neither is a number that no
/// table can hold.
async fn set_aside(state: &AppState, row: Row, problem: &ApiProblem) -> Result<()> {
    let Some(kind) = problem.0.kind().filter(|kind| kind.status() < 500) else {
        return Ok(());
    };
    let quarantined = QuarantinedUsage {
        lease: row.lease,
        seq: row.seq,
        signature: row.signature,
        cumulative_units: row.cumulative_units,
        items: row.items,
        outputs_hash: row.outputs_hash,
        signer: row.signer,
        reason: kind.slug().replace('-', "_"),
        received_ms: row.received_ms,
    };
    match state.store.quarantine_usage(quarantined).await {
        Ok(_) | Err(mira_store::Error::OutOfRange { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
