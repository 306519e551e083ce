//! Binaries that are committed because building them needs a toolchain that most machines lack: the
//! program's bytecode and the demo's WebAssembly module. A manifest beside each binds it to the
//! sources it was built from.

mod closure;
mod manifest;
pub mod module;
pub mod program;

use anyhow::{Context, bail};

use crate::{mutants, report::Report, workspace::Workspace};
pub use manifest::Manifest;

/// What an artifact is made from and where it is kept.
pub struct Artifact {
    /// The chore's name in reports.
    pub command: &'static str,
    /// The cargo package it is built from.
    pub package: &'static str,
    /// Folders whose files go into it.
    pub sources: &'static [&'static str],
    /// The folder that holds the artifact and its manifest.
    pub folder: &'static str,
    /// The files below `folder` that the manifest vouches for.
    pub files: &'static [&'static str],
}

/// The program's ELF and IDL, and the ELF with switchable guards that `cargo xtask mutants` runs.
pub const PROGRAM: Artifact = Artifact {
    command: "build-program",
    package: "mira",
    sources: &["programs/mira", "crates/core"],
    folder: "programs/mira/artifacts",
    files: &["mira.so", "mira.json", mutants::ELF, mutants::LIST],
};

/// The demo's WebAssembly module.
pub const MODULE: Artifact = Artifact {
    command: "build-module",
    package: "token-index",
    sources: &["modules/token-index"],
    folder: "modules/token-index/artifacts",
    files: &["token_index.wasm"],
};

/// Compares the committed artifact with its sources.
pub fn check(workspace: &Workspace, artifact: &Artifact) -> anyhow::Result<Report> {
    let mut report = Report::new(artifact.command);
    let committed = Manifest::read(workspace, artifact)?;
    let current = Manifest::of(workspace, artifact, &committed.toolchain)?;
    report.figure("sources_sha256", &current.sources_sha256);
    for difference in committed.differences(&current) {
        report.finding(format!("{difference}; run `cargo xtask {}` and commit {}", artifact.command, artifact.folder));
    }
    Ok(report)
}

/// Writes the manifest of a freshly built artifact and reports it.
fn seal(workspace: &Workspace, artifact: &Artifact, toolchain: &str) -> anyhow::Result<Report> {
    let manifest = Manifest::of(workspace, artifact, toolchain)?;
    manifest.write(workspace, artifact).with_context(|| format!("cannot write the manifest of {}", artifact.folder))?;
    let mut report = Report::new(artifact.command);
    report.figure("toolchain", toolchain);
    report.figure("sources_sha256", &manifest.sources_sha256);
    for (file, hash) in &manifest.files_sha256 {
        report.figure(file.clone(), hash);
    }
    Ok(report)
}

/// Panic messages carry source paths; those of the builder's own folders have no place in an artifact.
fn refuse_paths_of_this_machine(workspace: &Workspace, built: &[u8]) -> anyhow::Result<()> {
    let home = std::env::var("HOME").unwrap_or_default();
    let root = workspace.root().display().to_string();
    for folder in [home, root].iter().filter(|folder| folder.len() > 1) {
        if built.windows(folder.len()).any(|window| window == folder.as_bytes()) {
            bail!(
                "what was built names {folder}; map it away: give the build, after `--`, a \
                 `--config target.TARGET.rustflags=[\"--remap-path-prefix={folder}=.\"]`"
            );
        }
    }
    Ok(())
}
