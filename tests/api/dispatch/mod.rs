//! Dispatch epochs.

pub mod epoch;
pub mod epochs;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [epoch::trials(), epochs::trials()].into_iter().flatten().collect()
}
