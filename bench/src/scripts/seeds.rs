//! Playing many seeds on all threads. What is played does not depend on how many there are.

use super::Args;
use crate::machine;
use mira_testkit::solvency::Tally;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What all scripts came to.
#[derive(Default)]
pub struct Played {
    /// The counts of those that ended well.
    pub tally: Tally,
    /// The seeds of the others and what they died of, by seed.
    pub failed: Vec<(u64, String)>,
}

/// Plays the scripts of `seed` and the seeds after it.
pub fn all(args: &Args, seed: u64, play: impl Fn(u64, u64) -> Tally + Sync) -> Played {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut played = Played::default();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= args.scripts() {
                return played;
            }
            let seed = seed.wrapping_add(at);
            match catch_unwind(AssertUnwindSafe(|| play(seed, args.steps))) {
                Ok(tally) => played.tally.merge(&tally),
                Err(panic) => played.failed.push((seed, message(&*panic))),
            }
        }
    };
    let mut played = Played::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..machine::threads()).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            let part = worker.join().expect("what a script panics with is caught");
            played.tally.merge(&part.tally);
            played.failed.extend(part.failed);
        }
    });
    played.failed.sort();
    played
}

impl Played {
    /// One line for each script that failed, with the command that plays it again alone.
    pub fn findings(&self, command: &str, args: &Args) -> Vec<String> {
        let again = |seed: &u64| format!("cargo xtask {command} --seed {seed} --scripts 1 --steps {}", args.steps);
        let failed = self.failed.iter();
        failed.map(|(seed, what)| format!("script {seed}: {what}; again: {}", again(seed))).collect()
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

    fn args(scripts: u64) -> Args {
        Args { instructions: 1, scripts: Some(scripts), steps: 3 }
    }

    fn one(_: u64, steps: u64) -> Tally {
        let mut tally = Tally { sequences: 1, ..Tally::default() };
        (0..steps).for_each(|_| tally.count("Stake", Ok(()), None));
        tally
    }

    #[test]
    fn instructions_are_played_in_whole_scripts() {
        let scripts = |instructions| Args { instructions, scripts: None, steps: 400 }.scripts();
        assert_eq!([1, 400, 401, 100_000].map(scripts), [1, 1, 2, 250]);
    }

    #[test]
    fn every_script_is_played_once() {
        let played = all(&args(17), 5, one);
        assert_eq!((played.tally.sequences, played.tally.instructions(), played.failed.len()), (17, 51, 0));
    }

    #[test]
    fn a_script_that_panics_is_named_and_the_others_go_on() {
        let played = all(&args(9), 100, |seed, steps| {
            assert!(seed != 104, "seed {seed} fails\nat length");
            one(seed, steps)
        });
        assert_eq!(
            (played.tally.sequences, played.failed.as_slice()),
            (8, [(104, "seed 104 fails".to_owned())].as_slice())
        );
        let findings = played.findings("solvency", &args(9));
        assert!(findings[0].ends_with("again: cargo xtask solvency --seed 104 --scripts 1 --steps 3"));
    }
}
