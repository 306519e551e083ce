//! What is still to happen, in order of time; what is at the same time, in order of its scheduling.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that happens. Attempts, requests and providers by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// An attempt reaches its provider.
    AtProvider(usize),
    /// The first token of an attempt reaches the dispatcher.
    FirstToken(usize),
    /// An attempt writes its last token.
    Ended(usize),
    /// The dispatcher has it.
    Done(usize),
    /// The word to stop reaches the provider.
    Cancel(usize),
    /// It is time to think of a second provider for a request.
    Hedge(usize),
    /// A provider was silent for too long.
    Silent(usize),
    /// Something goes wrong.
    Fault(usize),
}

/// The events to come.
#[derive(Default)]
pub struct Events {
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    count: u64,
}

impl Events {
    /// Schedules one. Microseconds.
    pub fn at(&mut self, at_us: u64, event: Event) {
        self.count += 1;
        self.heap.push(Reverse((at_us, self.count, event)));
    }

    /// When the next one is. Microseconds.
    pub fn next_us(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((at_us, _, _))| *at_us)
    }

    /// The next one.
    pub fn pop(&mut self) -> Option<(u64, Event)> {
        self.heap.pop().map(|Reverse((at_us, _, event))| (at_us, event))
    }
}
