//! Random scripts by the hundred thousand: `solvency` plays them on the bytecode, `differential` on the
//! bytecode and on the program compiled for the host. What a script does is in
//! `mira_testkit::solvency`; the suite plays a few of them too.

pub mod differential;
pub mod solvency;

use crate::clock::Stopwatch;
use crate::report::Report;
use crate::seeds;
use mira_testkit::solvency::Tally;
use mira_testkit::solvency::player::STEPS;
use serde_json::{Value, json};
use std::time::Duration;

/// Of every ten instructions, how many have to be hostile.
const HOSTILE_OF_TEN: u64 = 4;
/// Fewer scripts than that need not have met every instruction.
const ENOUGH: u64 = 100;

/// How much is played.
#[derive(clap::Args)]
pub struct Args {
    /// About how many instructions in all scripts together, their ends left out.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    instructions: u64,
    /// How many scripts instead; the first has the run's seed, each other the next one.
    #[arg(long, conflicts_with = "instructions", value_parser = clap::value_parser!(u64).range(1..))]
    scripts: Option<u64>,
    /// About how many instructions each script has before everyone gets out.
    #[arg(long, default_value_t = STEPS, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
}

impl Args {
    /// How many scripts that is.
    fn scripts(&self) -> u64 {
        self.scripts.unwrap_or_else(|| self.instructions.div_ceil(self.steps))
    }

    /// The command that plays one script again.
    fn again(&self, command: &str, seed: u64) -> String {
        format!("cargo xtask {command} --seed {seed} --scripts 1 --steps {}", self.steps)
    }
}

/// Plays the scripts of `seed` and the seeds after it, and says what came of it.
fn run(command: &'static str, args: &Args, seed: u64, play: impl Fn(u64, u64) -> Tally + Sync) -> Report {
    let watch = Stopwatch::start();
    let played = seeds::all(args.scripts(), seed, |seed| play(seed, args.steps));
    let (tally, elapsed) = (&played.tally, watch.elapsed());
    let mut findings = played.findings("script", |seed| args.again(command, seed));
    findings.extend(shortcomings(tally));
    let [sequences, instructions] = rates(tally, elapsed);
    let text = format!("{tally}\n{sequences:.1} scripts and {instructions:.0} instructions a second\n");
    Report { command, seed, figures: figures(tally, elapsed), text, findings }
}

/// Scripts and instructions a second.
fn rates(tally: &Tally, elapsed: Duration) -> [f64; 2] {
    [tally.sequences, tally.instructions()].map(|count| count as f64 / elapsed.as_secs_f64())
}

/// The counts as a JSON object.
fn figures(tally: &Tally, elapsed: Duration) -> Value {
    let [sequences, instructions] = rates(tally, elapsed);
    let outcomes = tally.outcomes.iter().map(|(name, outcomes)| {
        ((*name).to_owned(), json!({ "accepted": outcomes.accepted, "refused": outcomes.refused }))
    });
    let hostile = tally.attacks.iter().map(|(attack, count)| (format!("{attack:?}"), json!(count)));
    json!({ "scripts": tally.sequences, "instructions": tally.instructions(), "hostile": tally.adversarial(),
        "seconds": elapsed.as_secs_f64(), "sequences_per_second": sequences,
        "instructions_per_second": instructions, "outcomes": outcomes.collect::<serde_json::Map<_, _>>(),
        "refusals": tally.errors, "hostile_by_kind": hostile.collect::<serde_json::Map<_, _>>() })
}

/// What a run of scripts has to have met, besides nothing going wrong.
fn shortcomings(tally: &Tally) -> Vec<String> {
    let mut findings = Vec::new();
    let (hostile, all) = (tally.adversarial(), tally.instructions());
    if hostile * 10 < all * HOSTILE_OF_TEN {
        findings.push(format!("{hostile} of {all} instructions were hostile, fewer than {HOSTILE_OF_TEN} in ten"));
    }
    if tally.sequences >= ENOUGH {
        let uncovered = tally.uncovered().into_iter();
        findings.extend(uncovered.map(|name| format!("{name} was never accepted, or never refused")));
        let untried = tally.untried().into_iter();
        findings.extend(untried.map(|attack| format!("nothing was hostile by {attack:?}")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_testkit::solvency::{Attack, INSTRUCTIONS};

    /// Every instruction accepted once, and refused once as each kind of attack.
    fn complete() -> Tally {
        let mut tally = Tally { sequences: ENOUGH, ..Tally::default() };
        for name in INSTRUCTIONS {
            tally.count(name, Ok(()), None);
            for attack in Attack::ALL {
                tally.count(name, Err(&mira_core::Error::WrongSigner.into()), Some(attack));
            }
        }
        tally
    }

    #[test]
    fn many_scripts_have_to_meet_everything() {
        assert_eq!(shortcomings(&complete()), Vec::<String>::new());
        let mut tally = complete();
        tally.attacks.remove(&Attack::TimeJump);
        tally.outcomes.remove("Initialize");
        let [instruction, attack] = shortcomings(&tally).try_into().unwrap();
        assert_eq!(instruction, "Initialize was never accepted, or never refused");
        assert_eq!(attack, "nothing was hostile by TimeJump");
        // A few scripts need not.
        assert_eq!(shortcomings(&Tally { sequences: ENOUGH - 1, ..tally }), Vec::<String>::new());
    }

    #[test]
    fn four_in_ten_have_to_be_hostile() {
        let with = |honest: u64| {
            let mut tally = Tally::default();
            (0..4).for_each(|_| tally.count("Stake", Ok(()), Some(Attack::Stale)));
            (0..honest).for_each(|_| tally.count("Stake", Ok(()), None));
            shortcomings(&tally)
        };
        assert!(with(6).is_empty());
        assert_eq!(with(7), ["4 of 11 instructions were hostile, fewer than 4 in ten"]);
    }

    #[test]
    fn rates_are_by_the_second() {
        let mut tally = Tally { sequences: 3, ..Tally::default() };
        (0..60).for_each(|_| tally.count("Stake", Ok(()), None));
        assert_eq!(rates(&tally, Duration::from_millis(1_500)), [2.0, 40.0]);
    }

    #[test]
    fn instructions_are_played_in_whole_scripts() {
        let scripts = |instructions| Args { instructions, scripts: None, steps: 400 }.scripts();
        assert_eq!([1, 400, 401, 100_000].map(scripts), [1, 1, 2, 250]);
    }

    #[test]
    fn a_script_is_played_again_as_it_was() {
        let args = Args { instructions: 1, scripts: Some(9), steps: 3 };
        assert_eq!(args.again("solvency", 104), "cargo xtask solvency --seed 104 --scripts 1 --steps 3");
    }
}
