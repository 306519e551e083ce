//! `cargo xtask build-program`: the SBF ELF by whatever `cargo build-sbf` is on PATH, the same of the
//! instrumented copy, and the IDL.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anchor_lang_idl::build::IdlBuilder;
use anyhow::{Context, bail};

use super::{PROGRAM, refuse_paths_of_this_machine, seal};
use crate::{mutants, report::Report, workspace::Workspace};

const INSTALL: &str = "there is no `cargo build-sbf` on PATH. Install Solana's platform tools with \
    `sh -c \"$(curl -sSfL https://release.anza.xyz/stable/install)\"` and try again";

/// Builds ELF, IDL and the ELF with switchable guards, copies them to the artifacts folder and seals them.
pub fn build(workspace: &Workspace, arguments: &[String]) -> anyhow::Result<Report> {
    let toolchain = toolchain(workspace)?;
    let artifacts = workspace.root().join(PROGRAM.folder);
    fs::create_dir_all(&artifacts)?;
    fs::write(artifacts.join("mira.so"), build_sbf(workspace, workspace.root(), None, arguments)?)?;
    fs::write(artifacts.join("mira.json"), idl(workspace)?)?;
    let scan = mutants::scan::run(workspace)?;
    let copy = mutants::copy::write(workspace, &scan)?;
    let switchable = build_sbf(workspace, &copy, Some(&copy.join("target")), arguments)?;
    fs::write(artifacts.join(mutants::ELF), switchable)?;
    fs::write(artifacts.join(mutants::LIST), serde_json::to_string_pretty(&scan.found)? + "\n")?;
    let mut report = seal(workspace, &PROGRAM, &toolchain)?;
    report.figure("guards", scan.found.guards.len());
    Ok(report)
}

/// Compares the committed artifacts with the sources, and the list of guards with what the sources hold.
pub fn check(workspace: &Workspace) -> anyhow::Result<Report> {
    let mut report = super::check(workspace, &PROGRAM)?;
    let found = mutants::scan::run(workspace)?.found;
    report.figure("guards", found.guards.len());
    if mutants::committed(workspace)? != found {
        report.finding(format!("{} is not the list of these sources; run `cargo xtask build-program`", mutants::LIST));
    }
    Ok(report)
}

/// The ELF of the program in a workspace. Only the copy has a target folder of its own: paths are part
/// of what a build remembers, and two workspaces in one folder would each build everything anew.
fn build_sbf(
    workspace: &Workspace,
    root: &Path,
    target: Option<&Path>,
    arguments: &[String],
) -> anyhow::Result<Vec<u8>> {
    let out = root.join("target/deploy");
    let mut command = Command::new("cargo");
    command.args(["build-sbf", "--manifest-path", "programs/mira/Cargo.toml", "--sbf-out-dir"]).arg(&out);
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target);
    }
    // The chore's own report is all that goes to standard output.
    let status = command.args(arguments).current_dir(root).stdout(Stdio::from(std::io::stderr())).status()?;
    if !status.success() {
        bail!("cargo build-sbf failed in {}", root.display());
    }
    let elf = fs::read(out.join("mira.so")).context("cargo build-sbf left no mira.so")?;
    refuse_paths_of_this_machine(workspace, &elf)?;
    Ok(elf)
}

fn toolchain(workspace: &Workspace) -> anyhow::Result<String> {
    match workspace.output(Command::new("cargo").args(["build-sbf", "--version"])) {
        Ok(version) => Ok(version.lines().next().unwrap_or_default().trim().to_owned()),
        Err(_) => bail!(INSTALL),
    }
}

/// The IDL, from a child without `RUSTUP_TOOLCHAIN`: where that variable is set, and cargo sets it for
/// everything it runs, the builder has rustup install the toolchain of that name anew, which replaces a
/// pinned one by the newest.
fn idl(workspace: &Workspace) -> anyhow::Result<String> {
    let xtask = std::env::current_exe()?;
    workspace.output(Command::new(xtask).arg("print-idl").env_remove("RUSTUP_TOOLCHAIN"))
}

/// Compiles the program's own description of itself for the host, and prints it.
pub fn print_idl(workspace: &Workspace) -> anyhow::Result<()> {
    if std::env::var_os("RUSTUP_TOOLCHAIN").is_some() {
        bail!(
            "RUSTUP_TOOLCHAIN is set, which would make the IDL builder change your toolchains; run `cargo xtask build-program`"
        );
    }
    let target = workspace.root().join("target/idl");
    let config = format!("build.target-dir={:?}", target.display().to_string());
    let idl = IdlBuilder::new()
        .program_path(workspace.root().join("programs/mira"))
        .cargo_args(vec!["--lib".to_owned(), "--locked".to_owned(), "--config".to_owned(), config])
        .build()
        .context("the IDL does not build")?;
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&idl)?)?;
    Ok(())
}
