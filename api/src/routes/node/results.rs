//! `POST /v1/node/results`: how a shard ended.

use axum::Json;
use axum::extract::State;
use mira_core::amount::Units;
use mira_wire::node::{Fault, MAX_ERROR_BYTES, Outcome, ResultReply, ResultRequest, Verdict};
use mira_wire::{KeyStr, Kind, Problem};

use crate::auth::{SignedBody, require_operator};
use crate::dispatch;
use crate::problem::{Result, refuse};
use crate::routes::leases::show::find;
use crate::state::AppState;

/// Takes a shard's result, whose output was uploaded before, or its failure.
#[utoipa::path(post, path = "/v1/node/results", tag = "node", summary = "Report how a shard ended (signed)",
    request_body = ResultRequest,
    responses((status = 200, body = ResultReply),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn results(State(state): State<AppState>, signed: SignedBody<ResultRequest>) -> Result<Json<ResultReply>> {
    let request = signed.body;
    let provider = request.provider.get();
    require_operator(&state, &provider, &signed.key).await?;
    let lease = find(&state, &request.lease.get()).await?;
    if lease.provider != provider || lease.job != request.job.get() {
        return refuse(
            Kind::ResultRejected,
            format!("lease {} is not between this provider and this job", KeyStr(lease.lease)),
        );
    }
    let outcome = outcome(&state, &request.outcome).await?;
    let verdict = state
        .dispatch
        .result(dispatch::ShardResult {
            provider,
            lease: lease.lease,
            job: lease.job,
            shard: request.shard,
            attempt: request.attempt,
            outcome,
        })
        .await?;
    reply(verdict)
}

async fn outcome(state: &AppState, outcome: &Outcome) -> Result<dispatch::Outcome> {
    match outcome {
        Outcome::Ok { output, units } => {
            if state.blobs.len(&output.get()).await?.is_none() {
                return refuse(Kind::OutputMissing, format!("PUT /v1/blobs/{output} first"));
            }
            Ok(dispatch::Outcome::Done { output: output.get(), units: Units::new(units.get()) })
        }
        Outcome::Error { fault, message } => {
            if message.len() > MAX_ERROR_BYTES {
                return refuse(Kind::InvalidBody, format!("message may have at most {MAX_ERROR_BYTES} bytes"));
            }
            let fault = match fault {
                Fault::Module => dispatch::Fault::Module,
                Fault::Node => dispatch::Fault::Node,
            };
            Ok(dispatch::Outcome::Failed { fault, message: message.clone() })
        }
    }
}

fn reply(verdict: dispatch::Verdict) -> Result<Json<ResultReply>> {
    let plain = |verdict| ResultReply { verdict, amount_due: None, cumulative_units: None };
    match verdict {
        dispatch::Verdict::Accepted { amount_due, units } => Ok(Json(ResultReply {
            verdict: Verdict::Accepted,
            amount_due: Some(amount_due.get().into()),
            cumulative_units: Some(units.get().into()),
        })),
        dispatch::Verdict::Duplicate => Ok(Json(plain(Verdict::Duplicate))),
        dispatch::Verdict::Failed => Ok(Json(plain(Verdict::Failed))),
        dispatch::Verdict::Rejected(reason) => refuse(Kind::ResultRejected, reason.to_string()),
    }
}
