//! One feature set: every dependency is named once, in the workspace, without default features, and
//! members inherit it. None is left over.

use std::collections::BTreeSet;

use anyhow::Context;
use toml::{Table, Value};

use crate::{report::Report, workspace::Workspace};

/// Anchor's own default set is the only one that it is built and audited with.
const KEEPS_DEFAULTS: [&str; 1] = ["anchor-lang"];

/// Checks the workspace's table and each member's.
pub fn check(workspace: &Workspace, report: &mut Report) -> anyhow::Result<()> {
    let root: Table = workspace.read("Cargo.toml")?.parse()?;
    let shared = table(&root, &["workspace", "dependencies"]).context("Cargo.toml has no workspace dependencies")?;
    for (name, value) in shared {
        let ours = value.get("path").is_some();
        let bare = value.get("default-features").and_then(Value::as_bool) == Some(false);
        if !ours && !bare && !KEEPS_DEFAULTS.contains(&name.as_str()) {
            report.finding(format!("Cargo.toml: {name} keeps its default features"));
        }
    }
    let mut used = BTreeSet::new();
    for path in workspace.files(".")?.iter().filter(|path| path.ends_with("/Cargo.toml")) {
        let manifest: Table = workspace.read(path)?.parse()?;
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in table(&manifest, &[section]).into_iter().flatten() {
                used.insert(name.clone());
                if value.get("workspace").and_then(Value::as_bool) != Some(true) {
                    report.finding(format!("{path}: {name} does not come from the workspace"));
                }
            }
        }
    }
    for name in shared.keys().filter(|name| !used.contains(*name)) {
        report.finding(format!("Cargo.toml: no member uses {name}"));
    }
    Ok(())
}

fn table<'a>(root: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter().try_fold(root, |table, key| table.get(*key)?.as_table())
}
