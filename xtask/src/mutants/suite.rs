//! Test binaries: where they are, what they hold, and running a part of one against a mutant.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use anyhow::{Context, bail};
use serde_json::Value;

use super::{order::SKIPPED, run::Mutant};
use crate::{
    clock::Stopwatch,
    workspace::{Workspace, cargo},
};

/// Names the ELF to run; `mira_testkit::World` reads it.
const PROGRAM: &str = "MIRA_TEST_PROGRAM";
/// Says which guard is off; the instrumented core's own tests read it.
const NUMBER: &str = "MIRA_TEST_MUTANT";
/// A part of the suite takes seconds. One that takes this long will never end.
const LIMIT: Duration = Duration::from_secs(600);

/// A test binary.
pub struct Suite {
    binary: PathBuf,
    trials: Vec<String>,
}

/// How a part of the suite ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All trials passed.
    Passed,
    /// This trial was the first that did not.
    Failed(String),
}

impl Suite {
    /// The project's binary that runs the program's bytecode.
    pub fn build(workspace: &Workspace) -> anyhow::Result<Self> {
        Self::at(of_workspace(workspace, "suite")?)
    }

    /// The unit tests of the instrumented core, in the folder of the copy.
    pub fn build_core(copy: &Path) -> anyhow::Result<Self> {
        let mut command = cargo();
        command.args(["test", "--package", "mira-core", "--lib", "--features", "sha2", "--no-run"]);
        command.current_dir(copy).env("CARGO_TARGET_DIR", copy.join("target"));
        // Instrumented code is not to be linted, whatever lints the project's own builds.
        command.env_remove("RUSTC_WORKSPACE_WRAPPER");
        Self::at(built(&mut command, "mira_core")?)
    }

    /// A binary that was built before.
    pub fn at(binary: PathBuf) -> anyhow::Result<Self> {
        let output = Command::new(&binary).arg("--list").output();
        let output = output.with_context(|| format!("cannot run {}", binary.display()))?;
        let listing = String::from_utf8(output.stdout)?;
        let trials = listing.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect();
        Ok(Self { binary, trials })
    }

    /// Runs every trial whose name holds `part`, one after the other, against a mutant; ends with the
    /// first that fails. `done` was run before.
    pub fn run(&self, part: &str, done: Option<&str>, mutant: &Mutant) -> anyhow::Result<Outcome> {
        let skipped: Vec<&str> = SKIPPED.into_iter().chain(done).collect();
        let runs = |name: &&String| name.contains(part) && !skipped.iter().any(|skipped| name.contains(skipped));
        if !self.trials.iter().any(|name| runs(&name)) {
            return Ok(Outcome::Passed);
        }
        let mut command = Command::new(&self.binary);
        command.args(["--test-threads", "1", "--color", "never"]);
        skipped.iter().for_each(|skipped| {
            command.args(["--skip", *skipped]);
        });
        if !part.is_empty() {
            command.arg(part);
        }
        // A failed property is enough; nobody reads its smallest form.
        command.env(PROGRAM, mutant.path()).env(NUMBER, mutant.number().to_string());
        command.env("PROPTEST_MAX_SHRINK_ITERS", "0");
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.with_context(|| format!("cannot run {}", self.binary.display()))?;
        let outcome = watch(&mut child);
        // Whatever still runs has nothing more to say.
        let _ = child.kill();
        let status = child.wait()?;
        Ok(match outcome? {
            (None, trial) if !status.success() => Outcome::Failed(format!("{trial} (ended with {status})")),
            (None, _) => Outcome::Passed,
            (Some(failed), _) => Outcome::Failed(failed),
        })
    }
}

/// The test binary of a target as `cargo test --workspace` builds it; built if it is not there.
pub fn of_workspace(workspace: &Workspace, target: &str) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-run", "--locked"]);
    built(command.current_dir(workspace.root()), target)
}

fn built(command: &mut Command, target: &str) -> anyhow::Result<PathBuf> {
    let command = command.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
    let output = command.output().context("cannot run cargo test")?;
    if !output.status.success() {
        bail!("the tests do not build: {command:?}");
    }
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let binary = messages.filter_map(|message| executable(&message, target)).next();
    binary.with_context(|| format!("cargo test built no `{target}`"))
}

/// The executable in a message of cargo, if it is that target's tests.
fn executable(message: &Value, target: &str) -> Option<PathBuf> {
    let named = message.get("target")?.get("name")? == target;
    let tests = message.get("profile")?.get("test")? == true;
    (named && tests).then(|| message.get("executable")?.as_str().map(PathBuf::from))?
}

/// Reads the output until a trial fails, the child ends, or time is up: the trial that failed, and the
/// last that was begun.
fn watch(child: &mut Child) -> anyhow::Result<(Option<String>, String)> {
    let output = child.stdout.take().context("the child has an output")?;
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
            line.clear();
        }
    });
    let (watch, mut trial) = (Stopwatch::start(), String::new());
    loop {
        let line = match lines.recv_timeout(LIMIT.saturating_sub(watch.elapsed())) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return Ok((None, trial)),
            Err(RecvTimeoutError::Timeout) => {
                return Ok((Some(format!("{trial} (never ends)")), trial));
            }
        };
        // What a trial prints itself stands between its name and its result.
        if let Some((name, _)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            trial = name.trim_end().to_owned();
        }
        if line.trim_end().ends_with("FAILED") && !line.starts_with("test result") {
            return Ok((Some(trial.clone()), trial));
        }
    }
}
