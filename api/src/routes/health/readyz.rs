//! `GET /readyz`: whether answers can be relied on.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use mira_wire::health::{Check, Ready};

use crate::dispatch::Standing;
use crate::state::AppState;

/// How long the database may take to answer: whoever asks hears of a database that is gone well within two seconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// 503 with the same document unless the database answers, the index is whole and near the tip, and
/// the dispatcher accepts work.
#[utoipa::path(get, path = "/readyz", tag = "health", summary = "Whether answers can be relied on",
    responses((status = 200, body = Ready), (status = 503, body = Ready)))]
pub async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Ready>) {
    let checks = vec![store(&state).await, indexer(&state), dispatcher(&state)];
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, checks }))
}

fn check(name: &str, result: Result<String, String>) -> Check {
    let (ok, detail) = match result {
        Ok(detail) => (true, detail),
        Err(detail) => (false, detail),
    };
    Check { name: name.to_owned(), ok, detail }
}

async fn store(state: &AppState) -> Check {
    let result = match tokio::time::timeout(PATIENCE, state.store.ping()).await {
        Ok(Ok(())) => Ok(state.store.engine().to_owned()),
        Ok(Err(error @ mira_store::Error::Full { .. })) => {
            tracing::warn!(%error, "the database's disk is full");
            Err("its disk is full: free space there, the log says where; then writing goes on by itself".to_owned())
        }
        // The message may hold an address: it goes to the log.
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not answer");
            Err("it does not answer: the log says why".to_owned())
        }
        Err(_) => Err(format!("no answer within {} ms", PATIENCE.as_millis())),
    };
    check("store", result)
}

fn indexer(state: &AppState) -> Check {
    let health = state.health.borrow();
    let detail = health.detail.clone();
    check("indexer", if health.ready { Ok(detail) } else { Err(detail) })
}

fn dispatcher(state: &AppState) -> Check {
    let standing = state.dispatch.standing();
    let works = standing == Standing::Works;
    check("dispatcher", if works { Ok(standing.to_string()) } else { Err(standing.to_string()) })
}
