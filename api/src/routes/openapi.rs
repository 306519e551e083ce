//! `GET /v1/openapi.json`: the OpenAPI document of exactly this server.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::state::AppState;

/// The document, as committed under `api/openapi.json`.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "about", summary = "The OpenAPI document",
    responses((status = 200, body = Object, content_type = "application/json")))]
pub async fn openapi(State(state): State<AppState>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], state.docs.json.to_string())
}
