//! The checkout that this binary was built from: where committed tables are.

use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};

/// A file below the root.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Its text.
///
/// # Errors
/// It cannot be read.
pub fn read(name: &str) -> anyhow::Result<String> {
    fs::read_to_string(path(name)).with_context(|| format!("cannot read {name}"))
}

/// Replaces its text.
///
/// # Errors
/// It cannot be written.
pub fn write(name: &str, text: &str) -> anyhow::Result<()> {
    fs::write(path(name), text).with_context(|| format!("cannot write {name}"))
}
