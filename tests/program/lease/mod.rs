//! Leases, their settlement and their end.

mod close_lease;
mod end_lease;
mod open_lease;
mod release_lease;
mod settle;
mod settle_direct;
mod voucher;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [
        close_lease::trials(),
        end_lease::trials(),
        open_lease::trials(),
        release_lease::trials(),
        settle::trials(),
        settle_direct::trials(),
        voucher::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
