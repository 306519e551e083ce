//! `POST /v1/node/work`: the next shard, waiting for one if there is none yet.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use mira_wire::node::{Assignment, MAX_PULL_LEASES, MAX_WAIT_MS, WorkReply, WorkRequest};
use mira_wire::{HashHex, KeyStr, Kind, Problem, Time};

use crate::auth::{SignedBody, require_operator};
use crate::dispatch;
use crate::problem::{Result, refuse};
use crate::state::AppState;

/// A shard under one of the provider's leases, or none after `wait_ms`.
#[utoipa::path(post, path = "/v1/node/work", tag = "node", summary = "Wait for a shard to run (signed)",
    request_body = WorkRequest,
    responses((status = 200, body = WorkReply),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn work(State(state): State<AppState>, signed: SignedBody<WorkRequest>) -> Result<Json<WorkReply>> {
    let request = signed.body;
    if request.wait_ms > MAX_WAIT_MS {
        return refuse(Kind::InvalidBody, format!("wait_ms may be at most {MAX_WAIT_MS}"));
    }
    if request.leases.len() > MAX_PULL_LEASES {
        return refuse(Kind::InvalidBody, format!("leases may have at most {MAX_PULL_LEASES} entries"));
    }
    let provider = request.provider.get();
    require_operator(&state, &provider, &signed.key).await?;
    let pull = dispatch::Pull {
        provider,
        leases: request.leases.iter().map(|lease| lease.get()).collect(),
        wait: Duration::from_millis(request.wait_ms.into()),
    };
    let assignment = state.dispatch.pull(pull).await?.map(to_wire);
    Ok(Json(WorkReply { assignment }))
}

fn to_wire(assignment: dispatch::Assignment) -> Assignment {
    Assignment {
        job: KeyStr(assignment.job),
        lease: KeyStr(assignment.lease),
        shard: assignment.shard,
        attempt: assignment.attempt,
        module: HashHex(assignment.module),
        input: HashHex(assignment.input),
        fuel_limit: assignment.units_limit.get().into(),
        memory_limit_bytes: assignment.memory_limit_bytes.into(),
        time_limit_ms: assignment.time_limit_ms.into(),
        expires_at: Time::from_unsigned_ms(assignment.expires_at_ms),
    }
}
