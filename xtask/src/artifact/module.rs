//! `cargo xtask build-module`: the demo's WebAssembly module, by `cargo build-wasm` where there is
//! one on PATH, else by cargo with rustup's `wasm32-wasip1` target.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

use super::{MODULE, refuse_paths_of_this_machine, seal};
use crate::{report::Report, workspace::Workspace};

const TARGET: &str = "wasm32-wasip1";

/// Builds the module, copies it to the artifacts folder and seals it.
pub fn build(workspace: &Workspace, arguments: &[String]) -> anyhow::Result<Report> {
    let package = ["--package", "token-index", "--bin", "token_index"];
    let wrapped = Command::new("cargo-build-wasm").arg("--version").output().is_ok();
    let mut command = Command::new("cargo");
    match wrapped {
        true => command.args(["build-wasm"]),
        false => command.args(["build", "--release", "--target", TARGET]),
    };
    let status = command
        .args(package)
        .args(arguments)
        .current_dir(workspace.root())
        .stdout(Stdio::from(std::io::stderr()))
        .status()?;
    if !status.success() {
        bail!("the module does not build; if the target is missing, run `rustup target add {TARGET}`");
    }
    let built = workspace.root().join("target").join(TARGET).join("release/token_index.wasm");
    let artifacts = workspace.root().join(MODULE.folder);
    fs::create_dir_all(&artifacts)?;
    let module = fs::read(built).context("the build left no token_index.wasm")?;
    refuse_paths_of_this_machine(workspace, &module)?;
    fs::write(artifacts.join("token_index.wasm"), module)?;
    let compiler = workspace.output(Command::new("rustc").arg("--version"))?;
    let toolchain = if wrapped { "cargo build-wasm" } else { compiler.trim() };
    seal(workspace, &MODULE, toolchain)
}
