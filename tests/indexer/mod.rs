//! Ingest, rebuild and reconciliation against real stores.

mod local_chain;
mod reconcile;
mod standby;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [local_chain::trials(), reconcile::trials(), standby::trials()].into_iter().flatten().collect()
}
