//! `GET /livez`: the process answers.

use axum::Json;
use mira_wire::health::Live;

/// Says nothing about the database or the chain: a process that only waits for them must not be killed.
#[utoipa::path(get, path = "/livez", tag = "health", summary = "Whether the process answers",
    responses((status = 200, body = Live)))]
pub async fn livez() -> Json<Live> {
    Json(Live { live: true })
}
