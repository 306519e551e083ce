//! The ledger of finalized events.

pub mod list;
pub mod stream;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [list::trials(), stream::trials()].into_iter().flatten().collect()
}
