//! Making the network.

mod init_fee_shard;
mod initialize;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [init_fee_shard::trials(), initialize::trials()].into_iter().flatten().collect()
}
