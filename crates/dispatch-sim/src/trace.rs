//! Real traces, read strictly: a column that is not there or a value out of range is an error that names the file
//! and the line.

pub mod openb;

use anyhow::Context;
use std::fs;
use std::path::Path;

/// A file's text.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; MIRA_TRACES names the folder of the traces", path.display()))
}
