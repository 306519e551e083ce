//! From fees to rewards.

mod sweep_fees;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [sweep_fees::trials()].into_iter().flatten().collect()
}
