//! `GET /metrics`: figures for Prometheus.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::state::AppState;

/// All figures of this process, as Prometheus text.
#[utoipa::path(get, path = "/metrics", tag = "health", summary = "Figures for Prometheus",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let health = state.health.borrow().clone();
    // A slot number is far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "gauges are f64")]
    if let Some(slot) = health.slot {
        metrics::gauge!("mira_api_index_slot").set(slot as f64);
    }
    metrics::gauge!("mira_api_index_ready").set(if health.ready { 1.0 } else { 0.0 });
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render())
}
