//! Leases and what belongs to them.

pub mod list;
pub mod show;
pub mod usage;
pub mod voucher;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [list::trials(), show::trials(), usage::trials(), voucher::trials()].into_iter().flatten().collect()
}
