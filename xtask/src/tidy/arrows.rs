//! Arrows point down only: which package may depend on which of ours. Read from the manifests, so a
//! new edge has to be written here, where a reviewer sees it.

use anyhow::Context;

use crate::{report::Report, workspace::Workspace};

/// Each package and those of ours that it may depend on, lowest first.
const ARROWS: &[(&str, &[&str])] = &[
    ("mira-core", &[]),
    ("token-index", &[]),
    ("mira", &["mira-core"]),
    ("mira-wire", &["mira-core"]),
    ("mira-store", &["mira-core"]),
    ("mira-dispatch", &["mira-core"]),
    ("mira-dispatch-sim", &["mira-core", "mira-dispatch"]),
    ("mira-chain", &["mira-core", "mira"]),
    ("mira-requester", &["mira-core", "mira-chain", "mira-wire"]),
    ("mira-indexer", &["mira-core", "mira-chain", "mira-store"]),
    ("mira-node", &["mira-core", "mira-chain", "mira-wire"]),
    ("mira-api", &["mira-core", "mira-chain", "mira-store", "mira-dispatch", "mira-wire"]),
    (
        "mira-cli",
        &[
            "mira-core",
            "mira-chain",
            "mira-store",
            "mira-dispatch",
            "mira-wire",
            "mira-requester",
            "mira-indexer",
            "mira-api",
            "mira-node",
            "token-index",
        ],
    ),
    ("xtask", &[]),
];

/// Packages that exist for tests may look at everything.
const TEST_PACKAGES: [&str; 3] = ["mira-testkit", "mira-tests", "mira-bench"];

/// Checks every edge between two packages of the workspace.
pub fn check(workspace: &Workspace, report: &mut Report) -> anyhow::Result<()> {
    let metadata = workspace.metadata()?;
    let packages = metadata.get("packages").and_then(|list| list.as_array()).context("metadata lists no packages")?;
    let ours = packages.iter().filter(|package| package.get("source").is_some_and(serde_json::Value::is_null));
    for package in ours {
        let name = package.get("name").and_then(|name| name.as_str()).unwrap_or_default();
        if TEST_PACKAGES.contains(&name) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(listed, _)| *listed == name) else {
            report.finding(format!("{name} is not in the list of arrows (xtask/src/tidy/arrows.rs)"));
            continue;
        };
        let needs = package.get("dependencies").and_then(|list| list.as_array()).into_iter().flatten();
        for need in
            needs.filter(|need| need.get("path").is_some() && need.get("kind").is_some_and(|kind| kind != "dev"))
        {
            let target = need.get("name").and_then(|name| name.as_str()).unwrap_or_default();
            if !allowed.contains(&target) {
                report.finding(format!("{name} depends on {target}: arrows point down only"));
            }
        }
    }
    Ok(())
}
