//! Disputes.

pub mod list;
pub mod show;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [list::trials(), show::trials()].into_iter().flatten().collect()
}
