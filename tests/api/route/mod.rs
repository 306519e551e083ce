//! Routing interactive requests.

pub mod create;
pub mod done;
pub mod hedge;
pub mod sessions;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [create::trials(), done::trials(), hedge::trials(), sessions::trials()].into_iter().flatten().collect()
}
