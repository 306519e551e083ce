//! `cargo xtask tidy`: the rules of the house that a machine can check. Each file is one rule.

mod arrows;
mod deps;
mod docs;
mod function;
mod import;
mod mirror;
mod size;

use crate::{report::Report, workspace::Workspace};

/// A Rust file of ours.
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// Checks every rule.
pub fn run(workspace: &Workspace) -> anyhow::Result<Report> {
    let mut report = Report::new("tidy");
    let files = workspace.files(".")?;
    let mut sources = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".rs")) {
        sources.push(Source { path: path.clone(), text: workspace.read(path)? });
    }
    report.figure("rust files", sources.len());
    size::check(&sources, &mut report);
    docs::check(&sources, &mut report);
    import::check(&sources, &mut report);
    function::check(&sources, &mut report)?;
    mirror::check(&files, &mut report);
    arrows::check(workspace, &mut report)?;
    deps::check(workspace, &mut report)?;
    Ok(report)
}
