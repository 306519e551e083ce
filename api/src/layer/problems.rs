//! Writes every failure as a problem document, also those that no handler made: unknown paths, wrong
//! methods, timeouts, refusals of the framework.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use mira_wire::{Kind, Problem, problem};

use super::request_id::RequestId;

/// The response to the request of this id and method, as a problem if it is a failure.
pub fn write(mut response: Response, id: &RequestId, method: &Method) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A document of the handler's own, such as readiness.
        None if is_json(&response) => return response,
        None => from_status(status, method.as_str()),
    };
    replace(response, Problem { request_id: Some(id.as_str().to_owned()), ..problem })
}

fn is_json(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// What a bare status means.
fn from_status(status: StatusCode, method: &str) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::new(Kind::NotFound, "GET / lists every path"),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(Kind::MethodNotAllowed, format!("{method} is not taken here: see the `allow` header"))
        }
        StatusCode::REQUEST_TIMEOUT => Problem::new(Kind::Timeout, "send it faster, or ask for less"),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::BodyTooLarge, "send less"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::new(Kind::UnsupportedMediaType, "set content-type: application/json")
        }
        other if other.is_client_error() => Problem::new(Kind::MalformedRequest, other.to_string()),
        other => {
            tracing::error!(status = other.as_u16(), "a failure without a cause");
            Problem::new(Kind::Internal, "the log has the cause under this request's id")
        }
    }
}

/// Replaces the body; headers such as `allow` stay.
fn replace(mut response: Response, problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // Strings and numbers only: this cannot fail.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    *response.status_mut() = status;
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
    *response.body_mut() = Body::from(body);
    response
}
