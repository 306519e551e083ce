//! `x-request-id`: the client's if it sent a sane one, else a new one. Logs carry it, problems tell it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use tracing::Span;

/// The header that carries it, both ways.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id taken from a client.
const MAX_LEN: usize = 64;

/// The id of one request.
#[derive(Debug, Clone)]
pub struct RequestId(pub HeaderValue);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Makes ids that are unique over the restarts of a server: its start, then a number.
#[derive(Debug, Clone)]
pub struct RequestIds {
    start: u64,
    next: Arc<AtomicU64>,
}

impl RequestIds {
    /// Ids of a server started at a moment in unix milliseconds.
    pub fn new(start_ms: u64) -> Self {
        Self { start: start_ms, next: Arc::default() }
    }

    /// The id of a request.
    pub fn of(&self, request: &Request) -> RequestId {
        let theirs = request.headers().get(HEADER).filter(|value| is_sane(value));
        RequestId(theirs.cloned().unwrap_or_else(|| self.make()))
    }

    fn make(&self) -> HeaderValue {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // Hexadecimal digits and a dash are always a header value.
        HeaderValue::from_str(&format!("{:x}-{number:x}", self.start))
            .unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    }
}

/// Letters, digits, `-` and `_` only, so that an id cannot forge a log line.
fn is_sane(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=MAX_LEN).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The part of the log that is about this request.
pub fn span(id: &RequestId, request: &Request) -> Span {
    tracing::info_span!("request", id = id.as_str(), method = %request.method(), path = request.uri().path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_are_sane() {
        let ids = RequestIds::new(1);
        let (a, b) = (ids.make(), ids.make());
        assert_ne!(a, b);
        assert!(is_sane(&a) && is_sane(&b));
    }

    #[test]
    fn a_strange_id_is_not_taken() {
        for bad in ["", "a b", "a\tb", "ü", &"a".repeat(65)] {
            let value = HeaderValue::from_bytes(bad.as_bytes());
            assert!(!value.is_ok_and(|value| is_sane(&value)), "{bad:?}");
        }
    }
}
