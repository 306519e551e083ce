//! Recorded decisions.

pub mod proof;
pub mod show;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [proof::trials(), show::trials()].into_iter().flatten().collect()
}
