//! Ingest, rebuild and reconciliation against real stores.

mod aside;
mod audits;
mod follower;
pub(crate) mod full;
mod hints;
mod local_chain;
mod reconcile;
mod running;
mod standby;
mod upgrade;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    let parts = [
        aside::trials(),
        audits::trials(),
        full::trials(),
        hints::trials(),
        local_chain::trials(),
        reconcile::trials(),
        standby::trials(),
        upgrade::trials(),
    ];
    parts.into_iter().flatten().collect()
}
