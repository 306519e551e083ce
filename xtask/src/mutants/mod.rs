//! `cargo xtask mutants --guards`: removes every guard of the program in turn, and some test has to
//! notice.
//!
//! Building an ELF for each guard would take hours. Instead one instrumented copy of the sources holds
//! all of them, each behind a number, and one number in the ELF says which is off: `build-program`
//! builds it beside the real one. This chore writes the number and runs the tests: those that run the
//! bytecode, and for a guard of `crates/core` that they do not miss, the core's own on the host.
//!
//! A place that refuses or rounds and has no switch is listed with the reason. One that has neither is an
//! error: see `complete`.

mod accounts;
mod arm;
mod check;
mod choose;
mod complete;
mod condition;
pub mod copy;
mod edit;
mod elf;
mod except;
mod guard;
mod macros;
mod order;
mod partner;
mod reach;
mod refusal;
mod rounding;
mod run;
pub mod scan;
mod site;
pub mod suite;
#[cfg(test)]
mod tests;
mod verdict;
mod walk;

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};

pub use guard::Found;

use self::{
    choose::{Choice, choose},
    elf::Elf,
    run::Suites,
    suite::Suite,
    verdict::Verdicts,
};
use crate::{artifact::PROGRAM, clock::Stopwatch, workspace::Workspace};

/// The instrumented ELF, beside the real one.
pub const ELF: &str = "mutants.so";
/// The list of its guards.
pub const LIST: &str = "mutants.json";

/// What to remove, and against which tests.
#[derive(clap::Args)]
pub struct Options {
    /// Remove guards: lines that check, constraints of accounts, roundings.
    #[arg(long, required = true)]
    guards: bool,
    /// Remove every guard in turn, not only some.
    #[arg(long, conflicts_with_all = ["count", "only"])]
    all: bool,
    /// How many to choose.
    #[arg(long, default_value_t = 30)]
    count: usize,
    /// Chooses them; the same seed chooses the same ones.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Remove these guards, by number.
    #[arg(long, value_delimiter = ',', conflicts_with = "count")]
    only: Vec<u32>,
    /// Print the guards and remove none.
    #[arg(long)]
    list: bool,
    /// The test binary to run, in the place of the one that `cargo test --workspace` builds.
    #[arg(long)]
    suite: Option<PathBuf>,
}

impl Options {
    fn choice(&self) -> Choice {
        match (self.all, self.only.is_empty()) {
            (true, _) => Choice::All,
            (false, true) => Choice::Some { count: self.count, seed: self.seed },
            (false, false) => Choice::These(self.only.clone()),
        }
    }
}

/// Runs the chore; whether every removed guard was missed by some test.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> anyhow::Result<bool> {
    let watch = Stopwatch::start();
    let scan = scan::run(workspace)?;
    let found = scan.found.clone();
    if options.list {
        verdict::list(&found, json)?;
        return Ok(true);
    }
    let choice = options.choice();
    let chosen = choose(&found.guards, &choice)?;
    if committed(workspace)? != found {
        bail!("{LIST} is not the list of these sources; run `cargo xtask build-program`");
    }
    let artifacts = workspace.root().join(PROGRAM.folder);
    let elf = Elf::new(fs::read(artifacts.join(ELF)).with_context(|| format!("cannot read {ELF}"))?)?;
    let program = match &options.suite {
        Some(binary) => Suite::at(fs::canonicalize(binary)?)?,
        None => Suite::build(workspace)?,
    };
    let core = Suite::build_core(&copy::write(workspace, &scan)?)?;
    let (suites, folder) = (Suites { program, core }, copy::folder(workspace).join("run"));
    run::control(&suites, &elf, &folder)?;
    let verdicts = run::all(&suites, &elf, &folder, &chosen)?;
    let seed = matches!(choice, Choice::Some { .. }).then_some(options.seed);
    let verdicts = Verdicts::new(found, verdicts, seed, watch.elapsed());
    verdicts.print(json)?;
    Ok(verdicts.ok())
}

/// The list that is committed with the instrumented ELF.
pub fn committed(workspace: &Workspace) -> anyhow::Result<Found> {
    let text = workspace.read(&format!("{}/{LIST}", PROGRAM.folder))?;
    serde_json::from_str(&text).with_context(|| format!("{LIST} is not a list of guards"))
}
