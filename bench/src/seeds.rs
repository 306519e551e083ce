//! Playing many seeds on all threads. What is played does not depend on how many there are.

use crate::machine;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Counts that can be added up.
pub trait Total: Default + Send {
    /// Adds the counts of other seeds.
    fn merge(&mut self, other: &Self);
}

impl Total for mira_testkit::solvency::Tally {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Total for mira_testkit::sim::Tally {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

/// What all seeds came to.
#[derive(Default)]
pub struct Played<T> {
    /// The counts of those that ended well.
    pub tally: T,
    /// The others and what they died of, by seed.
    pub failed: Vec<(u64, String)>,
}

/// Plays `seed` and the seeds after it, `count` in all.
pub fn all<T: Total>(count: u64, seed: u64, play: impl Fn(u64) -> T + Sync) -> Played<T> {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut played = Played::<T>::default();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return played;
            }
            let seed = seed.wrapping_add(at);
            match catch_unwind(AssertUnwindSafe(|| play(seed))) {
                Ok(tally) => played.tally.merge(&tally),
                Err(panic) => played.failed.push((seed, message(&*panic))),
            }
        }
    };
    let mut played = Played::<T>::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..machine::threads()).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            let part = worker.join().expect("what a seed panics with is caught");
            played.tally.merge(&part.tally);
            played.failed.extend(part.failed);
        }
    });
    played.failed.sort();
    played
}

impl<T> Played<T> {
    /// One line for each seed that failed, with the command that plays it again alone.
    pub fn findings(&self, what: &str, again: impl Fn(u64) -> String) -> Vec<String> {
        let failed = self.failed.iter();
        failed.map(|(seed, why)| format!("{what} {seed}: {why}; again: {}", again(*seed))).collect()
    }
}

/// The first line of a panic's message; all of it is on standard error.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("panicked").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_testkit::solvency::Tally;

    fn one(_: u64) -> Tally {
        let mut tally = Tally { sequences: 1, ..Tally::default() };
        (0..3).for_each(|_| tally.count("Stake", Ok(()), None));
        tally
    }

    #[test]
    fn every_seed_is_played_once() {
        let played = all(17, 5, one);
        assert_eq!((played.tally.sequences, played.tally.instructions(), played.failed.len()), (17, 51, 0));
    }

    #[test]
    fn a_seed_that_panics_is_named_and_the_others_go_on() {
        let played = all(9, 100, |seed| {
            assert!(seed != 104, "seed {seed} fails\nat length");
            one(seed)
        });
        assert_eq!(
            (played.tally.sequences, played.failed.as_slice()),
            (8, [(104, "seed 104 fails".to_owned())].as_slice())
        );
        let findings = played.findings("script", |seed| format!("play {seed}"));
        assert_eq!(findings, ["script 104: seed 104 fails; again: play 104"]);
    }
}
