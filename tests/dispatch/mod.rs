//! The dispatcher with everything around it but nodes: a local chain, the indexer, the server. The tests
//! play the nodes, over the API.

mod leases;
mod records;
mod replica;
mod snapshots;
pub mod stage;
mod standby;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [leases::trials(), records::trials(), snapshots::trials(), standby::trials()].into_iter().flatten().collect()
}
