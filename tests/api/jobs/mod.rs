//! Jobs, their placement and their shards.

pub mod leases;
pub mod list;
pub mod place;
pub mod shards;
pub mod show;
pub mod why;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [leases::trials(), list::trials(), place::trials(), shards::trials(), show::trials(), why::trials()]
        .into_iter()
        .flatten()
        .collect()
}
