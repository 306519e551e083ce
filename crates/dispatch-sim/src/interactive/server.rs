//! A provider at work: so many slots, and a queue in order of arrival.

use super::speed::Speed;
use std::collections::VecDeque;

/// What a provider does now.
#[derive(Debug)]
pub struct Server {
    slots: u32,
    running: Vec<usize>,
    queue: VecDeque<usize>,
    up: bool,
}

impl Server {
    /// Empty.
    pub fn new(slots: u32) -> Self {
        Server { slots, running: Vec::new(), queue: VecDeque::new(), up: true }
    }

    /// Whether it answers.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Takes in an attempt and says whether it starts at once.
    pub fn arrive(&mut self, attempt: usize) -> bool {
        let free = self.running.len() < self.slots as usize;
        if free {
            self.running.push(attempt);
        } else {
            self.queue.push_back(attempt);
        }
        free
    }

    /// Takes an attempt out of its slot and gives the one that starts there.
    pub fn leave(&mut self, attempt: usize) -> Option<usize> {
        let slot = self.running.iter().position(|running| *running == attempt)?;
        self.running.swap_remove(slot);
        let next = self.queue.pop_front()?;
        self.running.push(next);
        Some(next)
    }

    /// Takes an attempt out of the queue.
    pub fn give_up(&mut self, attempt: usize) {
        self.queue.retain(|queued| *queued != attempt);
    }

    /// Goes silent and gives what is lost.
    pub fn down(&mut self) -> Vec<usize> {
        self.up = false;
        self.running.drain(..).chain(self.queue.drain(..)).collect()
    }

    /// Is there again.
    pub fn up(&mut self) {
        self.up = true;
    }

    /// What runs and what waits.
    pub fn load(&self) -> (usize, usize) {
        (self.running.len(), self.queue.len())
    }
}

/// When an attempt that starts now writes its first token and its last.
pub fn schedule(speed: &Speed, now_us: u64, prefill_us: u64, decode_us: u64) -> (u64, u64) {
    let first_us = speed.finish_us(now_us, prefill_us);
    (first_us, speed.finish_us(first_us, decode_us))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_starts_in_order_of_arrival() {
        let mut server = Server::new(2);
        assert_eq!([1, 2, 3, 4, 5].map(|attempt| server.arrive(attempt)), [true, true, false, false, false]);
        server.give_up(3);
        assert_eq!((server.leave(1), server.leave(9), server.leave(4)), (Some(4), None, Some(5)));
        assert_eq!((server.leave(2), server.load()), (None, (1, 0)));
        server.arrive(6);
        server.arrive(7);
        assert_eq!((server.down(), server.is_up()), (vec![5, 6, 7], false));
    }
}
