//! Metrics: one recorder for the process, rendered by whoever serves `/metrics`.
//!
//! There is no listener of its own here: a separate port is the deployment's choice, and a global
//! one would make two servers in one process collide.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds: from a hit in memory to a long poll's end.
const SECONDS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

/// Counter of requests, by `method`, `route` and `status`.
pub const REQUESTS: &str = "mira_api_requests_total";
/// Histogram of request durations in seconds, by `method` and `route`.
pub const SECONDS_OF: &str = "mira_api_request_seconds";
/// Counter of events sent on streams.
pub const STREAMED: &str = "mira_api_streamed_events_total";
/// Counter of signed requests refused, by `reason`.
pub const REFUSED: &str = "mira_api_signed_refused_total";

/// The process's recorder; installed by the first call. If the program embedding this server has
/// installed another one, what is rendered here stays empty.
pub fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            builder().install_recorder().unwrap_or_else(|error| {
                tracing::warn!(%error, "metrics go elsewhere");
                builder().build_recorder().handle()
            })
        })
        .clone()
}

fn builder() -> PrometheusBuilder {
    let builder = PrometheusBuilder::new();
    match builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS) {
        Ok(builder) => builder,
        // Only an empty list of buckets is refused.
        Err(_) => PrometheusBuilder::new(),
    }
}
