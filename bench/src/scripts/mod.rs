//! Random scripts by the hundred thousand: `solvency` plays them on the bytecode, `differential` on the
//! bytecode and on the program compiled for the host. What a script does is in
//! `mira_testkit::solvency`; the suite plays a few of them too.

pub mod differential;
pub mod solvency;

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

/// The counts as a JSON object.
fn figures(tally: &Tally, elapsed: Duration) -> Value {
    let outcomes = tally.outcomes.iter().map(|(name, outcomes)| {
        ((*name).to_owned(), json!({ "accepted": outcomes.accepted, "refused": outcomes.refused }))
    });
    let hostile = tally.attacks.iter().map(|(attack, count)| (format!("{attack:?}"), json!(count)));
    json!({ "scripts": tally.sequences, "instructions": tally.instructions(), "hostile": tally.adversarial(),
        "seconds": elapsed.as_secs(), "outcomes": outcomes.collect::<serde_json::Map<_, _>>(),
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
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

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
