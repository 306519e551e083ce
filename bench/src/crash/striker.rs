//! The database and the endpoint as the indexer sees them, and this process's end at one of their calls. The
//! indexer's own code is what runs in production.

mod index;
mod source;

pub use index::StruckIndex;
pub use source::StruckSource;

use super::point::{Place, Strike, When};
use super::signal;
use std::future::poll_fn;
use std::io::Write as _;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

/// Counts the calls of one place and strikes at one of them.
#[derive(Debug)]
pub struct Striker {
    strike: Strike,
    calls: AtomicU64,
}

/// What is printed just before the end, and what follows it.
pub const STRUCK: &str = "struck";
/// The call was under way.
pub const PENDING: &str = "under way";
/// The call was not begun, or done.
pub const WHOLE: &str = "whole";

impl Striker {
    /// Strikes as it is told.
    pub fn new(strike: Strike) -> Self {
        Self { strike, calls: AtomicU64::new(0) }
    }

    /// Makes a call, or ends the process around it.
    pub async fn around<T>(&self, place: Place, call: impl Future<Output = T>) -> T {
        let Strike { point, nth, step } = self.strike;
        if point.place != place || self.calls.fetch_add(1, Ordering::Relaxed) + 1 != nth {
            return call.await;
        }
        match point.when {
            When::Before => end(WHOLE),
            When::During => {
                let mut call = pin!(call);
                let mut steps = 0;
                poll_fn(|cx| {
                    steps += 1;
                    match call.as_mut().poll(cx) {
                        Poll::Ready(_) => end(WHOLE),
                        Poll::Pending if steps >= step => end(PENDING),
                        Poll::Pending => Poll::Pending,
                    }
                })
                .await
            }
            When::After => {
                call.await;
                end(WHOLE)
            }
        }
    }
}

fn end(how: &str) -> ! {
    // Whoever started this process sees by its status whether the kill struck.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{STRUCK} {how}").and_then(|()| out.flush());
    signal::die()
}

#[cfg(test)]
mod tests {
    use super::super::point::Point;
    use super::*;

    /// The rest is what the command itself shows: a strike ends the process.
    #[test]
    fn calls_that_are_not_struck_go_through() {
        let point = Point { place: Place::Commit, when: When::Before };
        let striker = Striker::new(Strike { point, nth: 2, step: 1 });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
        let called = runtime.block_on(async {
            let other = striker.around(Place::Load, async { 1 }).await;
            other + striker.around(Place::Commit, async { 2 }).await
        });
        assert_eq!((called, striker.calls.load(Ordering::Relaxed)), (3, 1));
    }
}
