//! Content-addressed bytes.

pub mod get;
pub mod put;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [get::trials(), put::trials()].into_iter().flatten().collect()
}
