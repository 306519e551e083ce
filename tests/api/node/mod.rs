//! What providers' nodes report.

pub mod heartbeat;
pub mod offers;
pub mod results;
pub mod usage;
pub mod work;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [heartbeat::trials(), offers::trials(), results::trials(), usage::trials(), work::trials()]
        .into_iter()
        .flatten()
        .collect()
}
