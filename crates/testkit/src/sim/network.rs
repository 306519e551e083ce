//! The way from the endpoint: answers are lost, doubled, late, and overtake each other.

use super::faults::Faults;
use super::tally::Tally;
use crate::solvency::dice::Dice;
use std::collections::BTreeMap;

/// How often the client asks before it gives an answer up.
const ATTEMPTS: u64 = 4;
/// How long it waits before it asks again.
const TIMEOUT: u64 = 60;
/// How late an answer may be, in the same unit.
const LATE: u64 = 400;

/// Answers on their way.
pub struct Network<T> {
    now: u64,
    sent: u64,
    /// By the moment of arrival; the second number is that of the question.
    flights: BTreeMap<(u64, u64), T>,
    /// Questions that will never be answered.
    pub lost: u64,
}

impl<T: Clone> Network<T> {
    /// Nothing on its way.
    pub fn new() -> Self {
        Self { now: 0, sent: 0, flights: BTreeMap::new(), lost: 0 }
    }

    /// Sends the answer to one question.
    pub fn send(&mut self, dice: &mut Dice, faults: &Faults, tally: &mut Tally, answer: T) {
        for attempt in 0..ATTEMPTS {
            if dice.roll(100) < faults.dropped {
                tally.fault("dropped");
                continue;
            }
            let mut due = self.now + attempt * TIMEOUT + dice.roll(faults.delay + 1);
            if dice.roll(100) < faults.late {
                tally.fault("late");
                due += dice.roll(LATE);
            }
            if dice.roll(100) < faults.duplicated {
                tally.fault("duplicated");
                self.fly(due + dice.roll(LATE), answer.clone());
            }
            self.fly(due, answer);
            return;
        }
        self.lost += 1;
    }

    fn fly(&mut self, due: u64, answer: T) {
        self.sent += 1;
        self.flights.insert((due, self.sent), answer);
    }

    /// The next answer to arrive.
    pub fn next(&mut self, tally: &mut Tally) -> Option<T> {
        let ((due, number), answer) = self.flights.pop_first()?;
        self.now = self.now.max(due);
        if self.flights.keys().any(|(_, other)| *other < number) {
            tally.fault("reordered");
        }
        Some(answer)
    }

    /// Breaks the connection.
    pub fn clear(&mut self) {
        self.flights.clear();
        self.lost = 0;
    }
}
