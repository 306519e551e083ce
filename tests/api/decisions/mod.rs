//! Recorded decisions.

pub mod show;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [show::trials()].into_iter().flatten().collect()
}
