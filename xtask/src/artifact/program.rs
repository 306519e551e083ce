//! `cargo xtask build-program`: the SBF ELF by whatever `cargo build-sbf` is on PATH, and the IDL.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use anchor_lang_idl::build::IdlBuilder;

use super::{PROGRAM, seal};
use crate::{report::Report, workspace::Workspace};

const INSTALL: &str = "there is no `cargo build-sbf` on PATH. Install Solana's platform tools with \
    `sh -c \"$(curl -sSfL https://release.anza.xyz/stable/install)\"` and try again";

/// Builds ELF and IDL, copies them to the artifacts folder and seals them.
pub fn build(workspace: &Workspace) -> anyhow::Result<Report> {
    let toolchain = toolchain(workspace)?;
    let out = workspace.root().join("target/deploy");
    let status = Command::new("cargo")
        .args(["build-sbf", "--manifest-path", "programs/mira/Cargo.toml", "--sbf-out-dir"])
        .arg(&out)
        .current_dir(workspace.root())
        // The chore's own report is all that goes to standard output.
        .stdout(Stdio::from(std::io::stderr()))
        .status()?;
    if !status.success() {
        bail!("cargo build-sbf failed");
    }
    let artifacts = workspace.root().join(PROGRAM.folder);
    fs::create_dir_all(&artifacts)?;
    fs::copy(out.join("mira.so"), artifacts.join("mira.so")).context("cargo build-sbf left no mira.so")?;
    fs::write(artifacts.join("mira.json"), idl(workspace)?)?;
    seal(workspace, &PROGRAM, &toolchain)
}

fn toolchain(workspace: &Workspace) -> anyhow::Result<String> {
    match workspace.output(Command::new("cargo").args(["build-sbf", "--version"])) {
        Ok(version) => Ok(version.lines().next().unwrap_or_default().trim().to_owned()),
        Err(_) => bail!(INSTALL),
    }
}

/// The IDL, by compiling the program's own description of itself for the host.
fn idl(workspace: &Workspace) -> anyhow::Result<String> {
    let target = workspace.root().join("target/idl");
    let config = format!("build.target-dir={:?}", target.display().to_string());
    let idl = IdlBuilder::new()
        .program_path(workspace.root().join("programs/mira"))
        .cargo_args(vec!["--lib".to_owned(), "--locked".to_owned(), "--config".to_owned(), config])
        .build()
        .context("the IDL does not build; unset RUSTUP_TOOLCHAIN if it names no installed toolchain")?;
    Ok(serde_json::to_string_pretty(&idl)? + "\n")
}
