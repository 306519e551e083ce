//! The whole loop: one network, real ports, real processes.

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    Vec::new()
}
