//! The provider node: executor, journal, settlement.

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    Vec::new()
}
