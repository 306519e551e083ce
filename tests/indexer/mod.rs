//! Ingest, rebuild and reconciliation against real stores.

mod hints;
mod judgement;
mod local_chain;
pub(crate) mod network;
mod reconcile;
mod running;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [hints::trials(), local_chain::trials(), reconcile::trials()].into_iter().flatten().collect()
}
