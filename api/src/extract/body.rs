//! JSON bodies.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use mira_wire::Kind;
use serde::de::DeserializeOwned;

use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;

/// A JSON body of a documented shape.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let bytes = read(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// The bytes of a JSON body: at most the limit, of the right media type.
pub async fn read(request: Request, state: &AppState) -> Result<Bytes> {
    let json = request.headers().get(CONTENT_TYPE).is_some_and(|value| {
        let essence = value.as_bytes().split(|b| *b == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
    });
    if !json {
        return refuse(Kind::UnsupportedMediaType, "set content-type: application/json");
    }
    let limit = state.limits.json_bytes;
    axum::body::to_bytes(request.into_body(), limit).await.map_err(|error| {
        if is_too_long(&error) {
            ApiProblem::new(Kind::BodyTooLarge, format!("a JSON body may have at most {limit} bytes"))
        } else {
            ApiProblem::new(Kind::MalformedRequest, "the body broke off")
        }
    })
}

/// Whether the body was refused for its length: the limiting body's error is inside.
fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>())
}

/// The value of a JSON body.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => ApiProblem::new(Kind::InvalidBody, error.to_string()),
        _ => ApiProblem::new(Kind::MalformedRequest, format!("not JSON: {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_json_and_another_shape_differ() {
        assert_eq!(parse::<Vec<u32>>(b"[7").unwrap_err().0.kind(), Some(Kind::MalformedRequest));
        assert_eq!(parse::<Vec<u32>>(b"[7]]").unwrap_err().0.kind(), Some(Kind::MalformedRequest));
        assert_eq!(parse::<Vec<u32>>(b"").unwrap_err().0.kind(), Some(Kind::MalformedRequest));
        assert_eq!(parse::<Vec<u32>>(b"[\"a\"]").unwrap_err().0.kind(), Some(Kind::InvalidBody));
        assert_eq!(parse::<Vec<u32>>(b"[7]").unwrap(), [7]);
    }
}
