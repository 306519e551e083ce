//! Health and figures.

pub mod livez;
pub mod metrics;
pub mod readyz;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [livez::trials(), metrics::trials(), readyz::trials()].into_iter().flatten().collect()
}
