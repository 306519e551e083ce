//! `solvency`: random scripts on the bytecode, with the model of `mira_core` as oracle: after every
//! instruction all accounts and vaults are compared to the base unit, and in the end everyone gets out.

use super::{Args, figures, shortcomings};
use crate::clock::Stopwatch;
use crate::report::Report;
use crate::seeds;
use mira_testkit::solvency::play;

/// Plays.
pub fn run(args: &Args, seed: u64) -> Report {
    let watch = Stopwatch::start();
    let played = seeds::all(args.scripts(), seed, |seed| play(seed, args.steps));
    let mut findings = played.findings("script", |seed| args.again("solvency", seed));
    findings.extend(shortcomings(&played.tally));
    let figures = figures(&played.tally, watch.elapsed());
    Report { command: "solvency", seed, figures, text: played.tally.to_string(), findings }
}
