//! The indexer's pure pipeline in simulation: see `mira_testkit::sim`.

mod broken;
mod seeds;

use crate::harness::With as _;
use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    seeds::trials().with(broken::trials())
}
