//! The one place where the services read the machine's clock. Everything else takes time as a
//! parameter, so that tests and replays can say what time it is.

use std::sync::Arc;

/// Unix milliseconds now; 0 for a clock set before 1970.
#[expect(clippy::disallowed_methods, reason = "the shells' single reading place of the wall clock")]
pub fn now_ms() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// A moment that only moves forward, to measure how long something took.
#[expect(clippy::disallowed_methods, reason = "the shells' single reading place of the monotonic clock")]
pub fn monotonic() -> std::time::Instant {
    std::time::Instant::now()
}

/// A clock handed to whoever needs the time: returns unix milliseconds.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The machine's clock.
pub fn system() -> Clock {
    Arc::new(now_ms)
}
