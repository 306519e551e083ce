//! The packages that one package is built with, from `Cargo.lock` as cargo resolves it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_json::Value;

use crate::workspace::Workspace;

/// Name, version and checksum of every package that `package` needs to build (tests apart), sorted.
pub fn of(workspace: &Workspace, package: &str) -> anyhow::Result<Vec<String>> {
    let metadata = workspace.metadata()?;
    let checksums = checksums(workspace)?;
    let root = member_id(&metadata, package).with_context(|| format!("no package {package} in this workspace"))?;
    let edges = edges(&metadata);
    let mut seen = BTreeSet::from([root.clone()]);
    let mut queue = vec![root];
    while let Some(id) = queue.pop() {
        for next in edges.get(&id).into_iter().flatten() {
            if seen.insert(next.clone()) {
                queue.push(next.clone());
            }
        }
    }
    let mut lines: Vec<String> = list(&metadata, "packages")
        .filter(|found| seen.contains(text(found, "id")))
        .map(|found| {
            let key = (text(found, "name").to_owned(), text(found, "version").to_owned());
            let checksum = checksums.get(&key).map_or("path", String::as_str);
            format!("{} {} {checksum}", key.0, key.1)
        })
        .collect();
    lines.sort();
    Ok(lines)
}

/// Which package needs which, without what only its tests need.
fn edges(metadata: &Value) -> BTreeMap<String, Vec<String>> {
    let nodes = metadata.get("resolve").map(|resolve| list(resolve, "nodes")).into_iter().flatten();
    nodes
        .map(|node| {
            let needs = list(node, "deps")
                .filter(|dep| list(dep, "dep_kinds").any(|kind| text(kind, "kind") != "dev"))
                .map(|dep| text(dep, "pkg").to_owned())
                .collect();
            (text(node, "id").to_owned(), needs)
        })
        .collect()
}

fn member_id(metadata: &Value, package: &str) -> Option<String> {
    list(metadata, "packages")
        .find(|found| text(found, "name") == package && found.get("source").is_some_and(Value::is_null))
        .map(|found| text(found, "id").to_owned())
}

fn checksums(workspace: &Workspace) -> anyhow::Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = workspace.read("Cargo.lock")?.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock lists no packages")?;
    let field = |package: &toml::Value, name: &str| package.get(name)?.as_str().map(str::to_owned);
    Ok(packages
        .iter()
        .filter_map(|found| Some(((field(found, "name")?, field(found, "version")?), field(found, "checksum")?)))
        .collect())
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
