//! The checkout: where it is, which files git knows in it, and what cargo says of its packages.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

/// The root of the checkout.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that this binary was built from.
    pub fn locate() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads a file below the root.
    pub fn read(&self, path: &str) -> anyhow::Result<String> {
        std::fs::read_to_string(self.root.join(path)).with_context(|| format!("cannot read {path}"))
    }

    /// Every tracked or new file below `folder` that git does not ignore, as paths from the root,
    /// sorted, without those that are deleted in the working tree.
    pub fn files(&self, folder: &str) -> anyhow::Result<Vec<String>> {
        let listing = self.output(
            Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard", "--"]).arg(folder),
        )?;
        let mut files: Vec<String> =
            listing.lines().filter(|path| self.root.join(path).is_file()).map(str::to_owned).collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// `cargo metadata` of the workspace with its lock file.
    pub fn metadata(&self) -> anyhow::Result<serde_json::Value> {
        let text = self.output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Runs a command at the root and returns its standard output.
    pub fn output(&self, command: &mut Command) -> anyhow::Result<String> {
        let output = command.current_dir(&self.root).output().with_context(|| format!("cannot run {command:?}"))?;
        if !output.status.success() {
            bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// The cargo that runs us, without what it told us of our own package: `cargo xtask` is a `cargo run`, which sets
/// these for what it runs, and a dependency whose build script reads one of them would be built anew, and all that
/// needs it.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}
