//! Who works, of several indexers on one database: one, and whoever finds it silent for long enough is the next.
//!
//! The writer counts its `beat` up in the cursor's row; the others only look. What they measure is how long
//! that row (fence, beat and slot) stayed as it was, on their own monotonic clock: no clocks of two hosts are
//! compared, and a host whose clock jumps is not believed. The row is then taken as it was seen or not at all,
//! and a writer that comes back finds its fence stale, so at no time can two of them write. The hold time
//! decides only how soon one goes on where another ended; no value of it is unsafe.
//!
//! Pure: the row and the time are inputs.

use std::time::Duration;

use mira_store::model::Cursor;

/// Looks within the hold time.
const LOOKS: u32 = 10;

/// What a waiting indexer has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    hold: Duration,
    /// The row as it is since when it was first seen so.
    seen: Option<(Cursor, Duration)>,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody may be at work: look again after this.
    Wait(Duration),
    /// Nobody holds the stream, or whoever did was silent for too long: take it, if it is still as it was seen.
    Take,
}

impl Watch {
    /// Nothing was seen yet. A writer counts as gone after `hold` without a sign of life.
    pub fn new(hold: Duration) -> Self {
        Self { hold, seen: None }
    }

    /// Takes the stream's row as it is `now`, which is the time since any moment on a clock that never goes back.
    pub fn look(&mut self, row: Option<&Cursor>, now: Duration) -> Verdict {
        let Some(row) = row.filter(|row| row.beat.is_some()) else { return Verdict::Take };
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

#[cfg(test)]
mod tests;
