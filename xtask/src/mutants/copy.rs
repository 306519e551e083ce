//! The instrumented copy on disk: a small workspace of the program and its core, below `target`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use toml::{Table, Value};

use super::scan::Scan;
use crate::workspace::Workspace;

const MEMBERS: [&str; 2] = ["programs/mira", "crates/core"];
/// The copy is made for a compiler, not for readers.
const LINTS: &str = "rust.unused_parens = \"allow\"";

/// The core's own tests run once for each mutant that the bytecode's tests let live.
const TESTS: &str = "dev = { opt-level = 1, debug = 0 }";

/// The folder of the copy.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("target/mutants")
}

/// Writes the copy, in the place of an earlier one. What was built of that stays.
pub fn write(workspace: &Workspace, scan: &Scan) -> anyhow::Result<PathBuf> {
    let root = folder(workspace);
    for member in MEMBERS {
        let old = root.join(member);
        if old.exists() {
            fs::remove_dir_all(&old).with_context(|| format!("cannot clear {}", old.display()))?;
        }
    }
    put(&root, "Cargo.toml", &manifest(&workspace.read("Cargo.toml")?)?)?;
    put(&root, "Cargo.lock", &workspace.read("Cargo.lock")?)?;
    for (path, text) in &scan.files {
        put(&root, path, text)?;
    }
    Ok(root)
}

fn put(root: &Path, path: &str, text: &str) -> anyhow::Result<()> {
    let path = root.join(path);
    let parent = path.parent().context("a file stands in a folder")?;
    fs::create_dir_all(parent)?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The workspace's manifest, with the two members, without what belongs to the others. Versions and
/// the release profile are the repository's, so that the copy behaves as the program does.
fn manifest(original: &str) -> anyhow::Result<String> {
    let mut manifest: Table = original.parse()?;
    let profile = manifest.get("profile").and_then(|profiles| profiles.get("release")).and_then(Value::as_table);
    let mut release = profile.cloned().unwrap_or_default();
    release.remove("package");
    let mut profiles: Table = TESTS.parse()?;
    profiles.insert("release".to_owned(), Value::Table(release));
    manifest.insert("profile".to_owned(), Value::Table(profiles));
    let workspace = manifest.get_mut("workspace").and_then(Value::as_table_mut).context("no [workspace]")?;
    workspace.insert("members".to_owned(), MEMBERS.map(|member| Value::String(member.to_owned())).to_vec().into());
    workspace.remove("default-members");
    workspace.insert("lints".to_owned(), Value::Table(LINTS.parse()?));
    if let Some(dependencies) = workspace.get_mut("dependencies").and_then(Value::as_table_mut) {
        dependencies.retain(|name, value| value.get("path").is_none() || name == "mira-core");
    }
    Ok(toml::to_string(&manifest)?)
}
