//! `cargo xtask wash`: the search for a script that pays whoever plays it. The properties are the core's
//! own tests, over the model that the bytecode is compared with after every instruction; here they run
//! from another seed and over more scripts.

use std::{io::Write, process::Command};

use anyhow::Context;
use serde::Serialize;

use crate::{clock::Stopwatch, mutants::suite, workspace::Workspace};

/// Where the properties are, in the core's unit tests.
const MODULE: &str = "ledger::tests::";

/// Each property's name below there, and what it shows of every script.
const PROPERTIES: [(&str, &str); 3] = [
    (
        "wash::paying_oneself_always_loses",
        "one party in every role loses all fees but the rewards' share of them, and wins no stake",
    ),
    (
        "wash::nobody_is_robbed_through_ones_own_provider",
        "the same with honest delegators at its providers: it never gets at their stake",
    ),
    (
        "random::scripts_never_break_the_books",
        "hostile governance included, every invariant holds, and at its end everyone gets everything out",
    ),
];

/// What `wash` takes.
#[derive(clap::Args)]
pub struct Args {
    /// What parameters and scripts derive from; the same seed plays the same ones.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many scripts each property is tried on, of up to 350 steps and their end.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    cases: u32,
}

#[derive(Debug, Serialize)]
struct Property {
    name: &'static str,
    shows: &'static str,
    ok: bool,
}

#[derive(Serialize)]
struct Outcome {
    ok: bool,
    command: &'static str,
    seed: u64,
    cases: u32,
    properties: Vec<Property>,
    seconds: f64,
}

/// Runs the properties; whether every one holds.
pub fn run(workspace: &Workspace, args: &Args, json: bool) -> anyhow::Result<bool> {
    let core = suite::of_workspace(workspace, "mira_core")?;
    let watch = Stopwatch::start();
    let names = PROPERTIES.map(|(name, _)| format!("{MODULE}{name}"));
    let mut command = Command::new(core);
    command.args(["--exact", "--color", "never"]).args(&names);
    command.env("MIRA_TEST_SEED", args.seed.to_string()).env("MIRA_TEST_CASES", args.cases.to_string());
    let output = command.output().context("cannot run the core's tests")?;
    let properties = properties(&String::from_utf8_lossy(&output.stdout));
    let ok = output.status.success() && properties.iter().all(|property| property.ok);
    if !ok {
        // The script that pays, as small as it was found.
        std::io::stderr().write_all(&[output.stdout, output.stderr].concat())?;
    }
    let seconds = watch.elapsed().as_secs_f64().round();
    Outcome { ok, command: "wash", seed: args.seed, cases: args.cases, properties, seconds }.print(json)?;
    Ok(ok)
}

/// What a test binary says of each property. One that it does not name, because it went by another name
/// once, does not hold.
fn properties(output: &str) -> Vec<Property> {
    let passed = |name: &str| output.lines().any(|line| line.trim_end() == format!("test {MODULE}{name} ... ok"));
    PROPERTIES.map(|(name, shows)| Property { name, shows, ok: passed(name) }).into()
}

impl Outcome {
    fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, self)?;
            writeln!(out)?;
            return Ok(());
        }
        for Property { name, shows, ok } in &self.properties {
            writeln!(out, "{} {name}: {shows}", if *ok { "✓" } else { "✗" })?;
        }
        let Self { ok, seed, cases, seconds, .. } = self;
        let verdict = if *ok { "ok" } else { "not ok" };
        writeln!(out, "wash: {verdict}, seed {seed}, {cases} scripts each, {seconds} s")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passed_by_name_holds() {
        let output = format!(
            "running 2 tests\ntest {MODULE}{} ... ok\ntest {MODULE}{} ... FAILED\n",
            PROPERTIES[0].0, PROPERTIES[1].0
        );
        let holds: Vec<bool> = properties(&output).iter().map(|property| property.ok).collect();
        assert_eq!(holds, [true, false, false]);
    }
}
