//! `mira_chain` against a local chain with the program's ELF, over its ports and nothing else.

mod lifecycle;
mod local;
pub mod net;
mod network;
mod send;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [local::trials(), network::trials(), send::trials(), lifecycle::trials()].into_iter().flatten().collect()
}
