//! `differential`: the same random scripts on the bytecode and on the program compiled for the host.
//! Every so many instructions, and in the end, both hold the same bytes, have emitted the same events,
//! and have refused the same things for the same reasons.

use super::{Args, figures, shortcomings};
use crate::clock::Stopwatch;
use crate::report::Report;
use crate::seeds;
use mira_testkit::Engine;
use mira_testkit::pair::accounts;
use mira_testkit::solvency::{Player, Tally};

/// How many instructions there are between two comparisons.
const STRIDE: u64 = 20;

/// Plays.
pub fn run(args: &Args, seed: u64) -> Report {
    let watch = Stopwatch::start();
    let played = seeds::all(args.scripts(), seed, |seed| play(seed, args.steps));
    let mut findings = played.findings("script", |seed| args.again("differential", seed));
    findings.extend(shortcomings(&played.tally));
    let figures = figures(&played.tally, watch.elapsed());
    Report { command: "differential", seed, figures, text: played.tally.to_string(), findings }
}

/// Plays one script on both. The counts are of one of them, since both are the same.
fn play(seed: u64, steps: u64) -> Tally {
    let mut elf = Player::new(seed, Engine::Elf);
    let mut native = Player::new(seed, Engine::Native);
    compare(&elf, &native);
    let mut sent = 0;
    while sent < steps {
        sent = steps.min(sent + STRIDE);
        elf.run(sent);
        native.run(sent);
        compare(&elf, &native);
    }
    elf.end();
    native.end();
    compare(&elf, &native);
    elf.tally
}

fn compare(elf: &Player, native: &Player) {
    assert_eq!(elf.tally, native.tally, "the engines accept and refuse differently");
    assert_eq!(elf.world.events, native.world.events, "the engines emit different events");
    let (elf, native) = (accounts(&elf.world), accounts(&native.world));
    assert!(elf.keys().eq(native.keys()), "the engines leave different accounts");
    for (key, account) in &elf {
        assert!(native.get(key) == Some(account), "the engines leave {key} differently");
    }
}
