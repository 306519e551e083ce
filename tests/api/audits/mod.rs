//! Audits of results.

pub mod list;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [list::trials()].into_iter().flatten().collect()
}
