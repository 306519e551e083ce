//! `GET /v1/blobs/{hash}`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::response::IntoResponse;
use mira_wire::blob::{self, BlobBytes};
use mira_wire::{HashHex, Kind, Problem};

use crate::extract::Name;
use crate::problem::{Result, refuse};
use crate::state::AppState;

/// A blob's bytes; their hash was checked when they were read.
#[utoipa::path(get, path = "/v1/blobs/{hash}", tag = "blobs", summary = "A blob's bytes",
    params(("hash" = HashHex, Path, description = "SHA-256 of the bytes")),
    responses((status = 200, body = BlobBytes, content_type = "application/octet-stream"),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn get(State(state): State<AppState>, Name(hash): Name) -> Result<impl IntoResponse> {
    let bytes: Bytes = match state.blobs.get(&hash).await? {
        Some(bytes) => bytes,
        None => return refuse(Kind::BlobNotFound, format!("{} was not uploaded here", HashHex(hash))),
    };
    let headers = [
        (CONTENT_TYPE, blob::CONTENT_TYPE.to_owned()),
        (ETAG, format!("\"{}\"", HashHex(hash))),
        // The bytes behind a hash never change.
        (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, bytes))
}
