//! `mira epoch`: from settled leases to claims. Mirrors `cli/src/commands/epoch/`.
//!
//! `run` makes a real run on a local chain; `oracle` says what its epochs should be.

mod approve;
mod build;
mod claim;
mod finalize;
mod oracle;
mod run;
mod sweep;
mod verify;

use libtest_mimic::Trial;
use serde_json::Value;
use std::path::Path;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [approve::trials(), build::trials(), claim::trials(), finalize::trials(), sweep::trials(), verify::trials()]
        .into_iter()
        .flatten()
        .collect()
}

/// A bundle's document.
fn document(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
