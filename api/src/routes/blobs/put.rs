//! `PUT /v1/blobs/{hash}`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use mira_wire::blob::{BlobBytes, BlobStored};
use mira_wire::{HashHex, Kind, Problem};

use crate::extract::Name;
use crate::problem::{Result, refuse};
use crate::state::AppState;

/// Stores bytes under their hash: 201 if they are new, 200 if they were there. Nothing is stored if
/// they have another hash or are too many.
#[utoipa::path(put, path = "/v1/blobs/{hash}", tag = "blobs", summary = "Upload a blob",
    params(("hash" = HashHex, Path, description = "SHA-256 of the bytes")),
    request_body(content = BlobBytes, content_type = "application/octet-stream"),
    responses((status = 200, body = BlobStored), (status = 201, body = BlobStored),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn put(
    State(state): State<AppState>,
    Name(hash): Name,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<BlobStored>)> {
    let limit = state.blobs.max_bytes();
    if announced(&headers).is_some_and(|length| length > limit) {
        return refuse(
            Kind::BodyTooLarge,
            format!("a blob may have at most {limit} bytes: cut it into smaller shards"),
        );
    }
    let stored = state.blobs.put(&hash, body.into_data_stream()).await?;
    let status = if stored.created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(BlobStored { hash: HashHex(hash), bytes: stored.bytes.into(), created: stored.created })))
}

/// The length that the client announced, so that a long body is refused before it is sent.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
