//! Ingest, rebuild and reconciliation against real stores.

mod aside;
mod follower;
mod judgement;
mod local_chain;
pub(crate) mod network;
mod reconcile;
mod upgrade;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [aside::trials(), local_chain::trials(), reconcile::trials(), upgrade::trials()].into_iter().flatten().collect()
}
