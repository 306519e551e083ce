//! Who works, of several processes on one database: one, and whoever finds it silent for long enough is the next.
//!
//! The writer changes its row in the database as a sign of life; the others only look. What they measure is how
//! long that row stayed as it was, on their own monotonic clock: no clocks of two hosts are compared, and a host
//! whose clock jumps is not believed. The row is then taken as it was seen or not at all, and a writer that comes
//! back finds its fence stale, so at no time can two of them write. The hold time decides only how soon one goes
//! on where another ended; no value of it is unsafe.
//!
//! Pure: the row and the time are inputs.

use std::time::Duration;

use crate::model::{Cursor, Dispatcher};

/// Looks within the hold time.
pub const LOOKS: u32 = 10;

/// A row that one writer holds.
pub trait Seat: Clone + PartialEq {
    /// Whether somebody holds it, alive or not.
    fn is_held(&self) -> bool;
}

impl Seat for Cursor {
    fn is_held(&self) -> bool {
        self.beat.is_some()
    }
}

impl Seat for Dispatcher {
    fn is_held(&self) -> bool {
        self.beat.is_some()
    }
}

/// What a waiting process has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch<S> {
    hold: Duration,
    /// The row as it is since when it was first seen so.
    seen: Option<(S, Duration)>,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody may be at work: look again after this.
    Wait(Duration),
    /// Nobody holds the row, or whoever did was silent for too long: take it, if it is still as it was seen.
    Take,
}

impl<S: Seat> Watch<S> {
    /// Nothing was seen yet. A writer counts as gone after `hold` without a sign of life.
    pub fn new(hold: Duration) -> Self {
        Self { hold, seen: None }
    }

    /// Takes the row as it is `now`, which is the time since any moment on a clock that never goes back.
    pub fn look(&mut self, row: Option<&S>, now: Duration) -> Verdict {
        let Some(row) = row.filter(|row| row.is_held()) else { return Verdict::Take };
        let since = match &self.seen {
            Some((seen, since)) if seen == row => *since,
            _ => {
                self.seen = Some((row.clone(), now));
                now
            }
        };
        let left = self.hold.saturating_sub(now.saturating_sub(since));
        if left.is_zero() { Verdict::Take } else { Verdict::Wait(left.min(self.hold / LOOKS)) }
    }

    /// The row could not be read. A writer cannot show signs of life in a database that does not answer, so the
    /// time until now says nothing of it.
    pub fn blind(&mut self) {
        self.seen = None;
    }
}
