//! Commands whose work is heavy: it lives in bench/, which runs in release. This hands everything on.

use std::ffi::OsString;

use anyhow::Context;

use crate::workspace::{Workspace, cargo};

/// Everything after the command's name, which only bench/ understands.
#[derive(clap::Args)]
pub struct Rest {
    /// Arguments of `mira-bench`; `--help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    rest: Vec<OsString>,
}

/// Runs a command of `mira-bench` and gives its exit code.
///
/// The default members are built, not bench/ alone: then the features of all dependencies are those of
/// `cargo run --release`, and what one command has built, the other finds.
pub fn run(workspace: &Workspace, command: &str, rest: Rest, json: bool) -> anyhow::Result<i32> {
    let mut bench = cargo();
    bench.args(["run", "--release", "--locked", "--bin", "mira-bench", "--", command]).args(rest.rest);
    if json {
        bench.arg("--json");
    }
    let status = bench.current_dir(workspace.root()).status().context("cannot run cargo")?;
    Ok(status.code().unwrap_or(1))
}
