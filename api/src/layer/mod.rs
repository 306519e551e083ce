//! What wraps every request: an id, a log line and figures, and failures written as problems.

mod observe;
mod problems;
mod request_id;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

pub use request_id::RequestIds;

/// All of it in one layer: each layer costs every request a copy of all that is inside of it.
pub async fn around(State(ids): State<RequestIds>, request: Request, next: Next) -> Response {
    let (id, method) = (ids.of(&request), request.method().clone());
    let span = request_id::span(&id, &request);
    let answer = async { problems::write(observe::observe(request, next).await, &id, &method) };
    let mut response = answer.instrument(span).await;
    response.headers_mut().insert(request_id::HEADER, id.0);
    response
}
