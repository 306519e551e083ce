//! Ingest, rebuild and reconciliation against real stores.

mod audits;
mod judgement;
mod local_chain;
pub(crate) mod network;
mod reconcile;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [audits::trials(), local_chain::trials(), reconcile::trials()].into_iter().flatten().collect()
}
