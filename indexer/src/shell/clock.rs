//! The one place where the indexer reads the machine's clock: to say when it noticed something. No row that is
//! folded depends on it.

/// Unix milliseconds now; 0 for a clock set before 1970.
#[expect(clippy::disallowed_methods, reason = "the shell's single reading place of the wall clock")]
pub(super) fn now_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
