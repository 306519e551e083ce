//! Virtual time. Pure arithmetic on tags; who the flows are and what they weigh is not known here.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

/// Virtual time of one millisecond at weight 1: large, so that rounding does not show.
const SCALE: u64 = 1 << 20;

/// How far behind the clock a flow's start may lie, in milliseconds of the heaviest weight. Behind it
/// only falls who could not be served for a while, because its providers were busy; it may catch up
/// this much and no more.
const LAG_MS: u64 = 60_000;

/// How long things take on average: an exponential average with this much of its past.
const PAST: u64 = 8;

/// A virtual clock and the tags of its flows.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Clock {
    now: u64,
    served: u64,
    pace_ms: u64,
    flows: BTreeMap<Key, Flow>,
    /// Flows without work, by their finish tags: the first ones are forgotten first.
    idle: BTreeSet<(u64, Key)>,
}

/// One flow.
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Flow {
    /// Where its next piece of work starts.
    finish: u64,
    /// When it was last served, in pieces of work of all flows: decides between equal tags.
    served: u64,
    /// How long one piece took lately; 0 before the first.
    pace_ms: u64,
    /// Whether it has work.
    active: bool,
}

/// In which order flows are served: the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The start tag.
    pub start: u64,
    /// Between equal tags, the one that was served longer ago.
    served: u64,
}

impl Clock {
    /// The start tag of what was served last, or the greatest one before.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// A flow's turn.
    pub fn turn(&self, flow: &Key) -> Turn {
        let held = self.flows.get(flow).copied().unwrap_or(Flow { finish: self.now, ..Flow::default() });
        Turn { start: held.finish.max(self.oldest()), served: held.served }
    }

    /// A flow that was idle has work again: it starts where the clock stands, or at its own tag if that
    /// is later.
    pub fn arrive(&mut self, flow: &Key) {
        let now = self.now;
        self.change(flow, |held| {
            held.finish = held.finish.max(now);
            held.active = true;
        });
    }

    /// A flow has no work any more. It is forgotten once it is not ahead of the clock.
    pub fn leave(&mut self, flow: &Key) {
        if self.flows.contains_key(flow) {
            self.change(flow, |held| held.active = false);
        }
        while let Some((_, flow)) = self.idle.first().copied().filter(|(finish, _)| *finish <= self.now) {
            self.idle.pop_first();
            self.flows.remove(&flow);
        }
    }

    /// Changes a flow, which is new if it was not known, and keeps it among the idle ones while it has no work.
    fn change(&mut self, flow: &Key, change: impl FnOnce(&mut Flow)) {
        let held = self.flows.entry(*flow).or_default();
        let before = *held;
        change(held);
        if !before.active {
            self.idle.remove(&(before.finish, *flow));
        }
        if !held.active {
            self.idle.insert((held.finish, *flow));
        }
    }

    /// Serves a flow: its tag moves on by the work over the weight.
    pub fn serve(&mut self, flow: &Key, work_ms: u64, weight: u64) {
        let start = self.turn(flow).start;
        self.now = self.now.max(start);
        self.served = self.served.saturating_add(1);
        let served = self.served;
        self.change(flow, |held| {
            held.finish = start.saturating_add(span(work_ms.max(1), weight));
            held.served = served;
        });
    }

    /// A flow queues a piece of work in an order of its own making: by the tags returned, which stay as
    /// they are. The clock moves on when `begin` is told one.
    pub fn queue(&mut self, flow: &Key, work_ms: u64, weight: u64) -> u64 {
        let start = self.flows.get(flow).map_or(0, |held| held.finish).max(self.now);
        self.change(flow, |held| held.finish = start.saturating_add(span(work_ms.max(1), weight)));
        start
    }

    /// Queued work began.
    pub fn begin(&mut self, tag: u64) {
        self.now = self.now.max(tag);
    }

    /// The work took another time than was served for. What was served for too much comes back, but
    /// never so that the flow would start before the clock.
    pub fn settle(&mut self, flow: &Key, served_ms: u64, took_ms: u64, weight: u64) {
        let now = self.now;
        if !self.flows.contains_key(flow) {
            return;
        }
        self.change(flow, |held| {
            if took_ms >= served_ms {
                held.finish = held.finish.saturating_add(span(took_ms - served_ms, weight));
            } else {
                let less = held.finish.saturating_sub(span(served_ms - took_ms, weight));
                held.finish = less.max(held.finish.min(now));
            }
        });
    }

    /// Notes how long a piece of work took.
    pub fn learn(&mut self, flow: &Key, took_ms: u64) {
        self.pace_ms = average(self.pace_ms, took_ms);
        if let Some(held) = self.flows.get_mut(flow) {
            held.pace_ms = average(held.pace_ms, took_ms);
        }
    }

    /// How long a flow's next piece of work may take: as its last ones, or as everybody's. Milliseconds;
    /// nothing if there was none yet.
    pub fn pace_ms(&self, flow: &Key) -> Option<u64> {
        let own = self.flows.get(flow).map_or(0, |held| held.pace_ms);
        [own, self.pace_ms].into_iter().find(|pace| *pace > 0)
    }

    fn oldest(&self) -> u64 {
        self.now.saturating_sub(span(LAG_MS, crate::fair::weight::MOST))
    }
}

/// Work over weight as virtual time.
fn span(work_ms: u64, weight: u64) -> u64 {
    let span = u128::from(work_ms) * u128::from(SCALE) / u128::from(weight.max(1));
    u64::try_from(span).unwrap_or(u64::MAX)
}

/// Never 0 once there was one.
fn average(past: u64, new: u64) -> u64 {
    if past == 0 { new.max(1) } else { (past.saturating_mul(PAST - 1).saturating_add(new) / PAST).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fair::tests::line::Numbers;

    const A: Key = [1; 32];
    const B: Key = [2; 32];

    #[test]
    fn the_idle_save_nothing() {
        let mut clock = Clock::default();
        clock.arrive(&A);
        (0..50).for_each(|_| clock.serve(&A, 1_000, 1));
        clock.arrive(&B);
        assert_eq!(clock.turn(&B).start, clock.now());
        assert!(clock.turn(&B) < clock.turn(&A));
        clock.serve(&B, 1_000, 1);
        assert!(clock.turn(&A) < clock.turn(&B), "one shard later it is the other's turn again");
    }

    #[test]
    fn leaving_and_coming_back_wins_nothing() {
        let mut clock = Clock::default();
        clock.arrive(&A);
        clock.serve(&A, 1_000, 1);
        let before = clock.turn(&A).start;
        clock.leave(&A);
        clock.arrive(&A);
        assert_eq!(clock.turn(&A).start, before);
    }

    /// Whoever has no work and is not ahead of the clock when somebody leaves, and nobody else.
    #[test]
    fn who_is_forgotten_is_who_a_look_at_everybody_finds() {
        let (mut clock, mut numbers, mut forgotten) = (Clock::default(), Numbers(3), 0);
        for _ in 0..20_000 {
            let (flow, ms) = ([u8::try_from(numbers.below(30)).expect("a byte"); 32], numbers.below(5_000));
            match numbers.below(6) {
                0 => clock.arrive(&flow),
                1 | 2 => clock.serve(&flow, ms, 8),
                3 => clock.settle(&flow, 2_500, ms, 8),
                4 => drop(clock.queue(&flow, ms, 8)),
                _ => {
                    let mut all = clock.flows.clone();
                    all.entry(flow).and_modify(|held| held.active = false);
                    let before = all.len();
                    all.retain(|_, held| held.active || held.finish > clock.now);
                    forgotten += before - all.len();
                    clock.leave(&flow);
                    assert_eq!(all.keys().collect::<Vec<_>>(), clock.flows.keys().collect::<Vec<_>>());
                }
            }
            let idle = clock.flows.iter().filter(|(_, held)| !held.active);
            let idle: BTreeSet<(u64, Key)> = idle.map(|(flow, held)| (held.finish, *flow)).collect();
            assert_eq!(clock.idle, idle);
        }
        assert!(forgotten > 100, "{forgotten}");
    }

    #[test]
    fn what_was_served_for_too_much_comes_back_but_not_past_the_clock() {
        let mut clock = Clock::default();
        clock.serve(&A, 1_000, 1);
        clock.settle(&A, 1_000, 400, 1);
        assert_eq!(clock.turn(&A).start, span(400, 1));
        clock.settle(&A, 0, 100, 1);
        assert_eq!(clock.turn(&A).start, span(500, 1));
        clock.serve(&A, 1_000, 1);
        clock.settle(&A, 9_000, 0, 1);
        assert_eq!(clock.turn(&A).start, clock.now());
    }

    #[test]
    fn between_equal_tags_the_one_served_longer_ago() {
        let mut clock = Clock::default();
        [A, B].iter().for_each(|flow| clock.arrive(flow));
        for _ in 0..10 {
            let first = if clock.turn(&A) <= clock.turn(&B) { A } else { B };
            clock.serve(&first, 1_000, 1);
            // All of it comes back, so that both always stand at the clock.
            clock.settle(&first, 1_000, 0, 1);
        }
        let (a, b) = (clock.flows[&A].served, clock.flows[&B].served);
        assert_eq!((a.min(b), a.max(b)), (9, 10), "they took turns");
    }

    #[test]
    fn who_could_not_be_served_catches_up_only_so_much() {
        let mut clock = Clock::default();
        [A, B].iter().for_each(|flow| clock.arrive(flow));
        (0..1_000).for_each(|_| clock.serve(&A, 60_000, 1));
        let lag = clock.now() - clock.turn(&B).start;
        assert_eq!(lag, span(LAG_MS, crate::fair::weight::MOST));
    }
}
