//! Vouchers.

pub mod create;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [create::trials()].into_iter().flatten().collect()
}
