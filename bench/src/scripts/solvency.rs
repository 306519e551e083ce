//! `solvency`: random scripts on the bytecode, with the model of `mira_core` as oracle: after every
//! instruction all accounts and vaults are compared to the base unit, and in the end everyone gets out.

use super::Args;
use crate::report::Report;
use mira_testkit::solvency::play;

/// Plays.
pub fn run(args: &Args, seed: u64) -> Report {
    super::run("solvency", args, seed, play)
}
