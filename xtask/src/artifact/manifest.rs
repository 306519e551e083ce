//! `manifest.json`: which sources an artifact was built from, and the artifact's own hashes.

use std::{collections::BTreeMap, fs};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Artifact, closure};
use crate::workspace::Workspace;

const FILE: &str = "manifest.json";

/// What binds an artifact to its sources.
#[derive(Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    /// The source folders, the release profile and the package's closure in `Cargo.lock`.
    pub sources_sha256: String,
    /// Each file of the artifact.
    pub files_sha256: BTreeMap<String, String>,
    /// What built it; information only.
    pub toolchain: String,
}

impl Manifest {
    /// The committed manifest.
    pub fn read(workspace: &Workspace, artifact: &Artifact) -> anyhow::Result<Self> {
        let text = workspace.read(&format!("{}/{FILE}", artifact.folder))?;
        serde_json::from_str(&text).with_context(|| format!("{}/{FILE} is not a manifest", artifact.folder))
    }

    /// The manifest that the working tree calls for.
    pub fn of(workspace: &Workspace, artifact: &Artifact, toolchain: &str) -> anyhow::Result<Self> {
        let mut files_sha256 = BTreeMap::new();
        for file in artifact.files {
            let path = workspace.root().join(artifact.folder).join(file);
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}/{file}", artifact.folder))?;
            files_sha256.insert((*file).to_owned(), hex::encode(Sha256::digest(bytes)));
        }
        let sources_sha256 = sources(workspace, artifact)?;
        Ok(Self { sources_sha256, files_sha256, toolchain: toolchain.to_owned() })
    }

    /// Writes it beside the artifact.
    pub fn write(&self, workspace: &Workspace, artifact: &Artifact) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        Ok(fs::write(workspace.root().join(artifact.folder).join(FILE), text)?)
    }

    /// How `self`, as committed, differs from what the tree calls for.
    pub fn differences(&self, current: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.sources_sha256 != current.sources_sha256 {
            differences.push("the sources changed after the artifact was built".to_owned());
        }
        for (file, hash) in &current.files_sha256 {
            if self.files_sha256.get(file) != Some(hash) {
                differences.push(format!("{file} is not the file that the manifest names"));
            }
        }
        differences
    }
}

/// One hash over every source file's path and bytes, the release profile and the closure.
fn sources(workspace: &Workspace, artifact: &Artifact) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    for folder in artifact.sources {
        for path in workspace.files(folder)? {
            if path.starts_with(artifact.folder) {
                continue;
            }
            feed(&mut hasher, path.as_bytes());
            feed(&mut hasher, &fs::read(workspace.root().join(&path))?);
        }
    }
    feed(&mut hasher, release_profile(workspace)?.as_bytes());
    for package in closure::of(workspace, artifact.package)? {
        feed(&mut hasher, package.as_bytes());
    }
    Ok(hex::encode(hasher.finalize()))
}

/// Length-prefixed, so that two neighbours cannot trade bytes.
fn feed(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(bytes.len().to_le_bytes());
    hasher.update(bytes);
}

/// `[profile.release]` without the overrides of single packages, which name crates of the services.
fn release_profile(workspace: &Workspace) -> anyhow::Result<String> {
    let manifest: toml::Table = workspace.read("Cargo.toml")?.parse()?;
    let mut profile = manifest
        .get("profile")
        .and_then(|profiles| profiles.get("release"))
        .and_then(toml::Value::as_table)
        .cloned()
        .unwrap_or_default();
    profile.remove("package");
    Ok(toml::to_string(&profile)?)
}
