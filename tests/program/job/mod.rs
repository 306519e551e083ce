//! Jobs and their escrow.

mod begin_close_job;
mod close_job;
mod create_job;
mod extend_job;
mod fund_job;
mod update_job;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [
        begin_close_job::trials(),
        close_job::trials(),
        create_job::trials(),
        extend_job::trials(),
        fund_job::trials(),
        update_job::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
