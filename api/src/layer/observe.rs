//! One log line and two figures per request.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use crate::telemetry::{REQUESTS, SECONDS_OF};

/// Has it answered. Figures are labelled with the route and not with the path, so that their number is bounded.
pub async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method_label(request.method());
    let start = Instant::now();
    let response = next.run(request).await;
    let (elapsed, status) = (start.elapsed(), response.status().as_u16());
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(SECONDS_OF, "method" => method, "route" => route).record(elapsed.as_secs_f64());
    tracing::debug!(status, micros = elapsed.as_micros(), "answered");
    response
}

/// A method is what the client sends: only known ones become labels.
fn method_label(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
