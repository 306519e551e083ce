//! Each command of `mira`, as a process. Mirrors `cli/src/commands/`.
//!
//! `network` keeps one network up for all of them; `process` runs `mira` and says what came of it.

mod api;
mod audit;
mod backup;
mod demo;
mod doctor;
mod epoch;
mod explain;
mod faucet;
mod indexer;
mod job;
mod network;
pub(crate) mod process;
mod prove_gaps;
mod provider;
mod prune;
mod rebuild;
mod reconcile;
mod replay;
mod restore;
mod up;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [
        api::trials(),
        audit::trials(),
        backup::trials(),
        demo::trials(),
        doctor::trials(),
        epoch::trials(),
        explain::trials(),
        faucet::trials(),
        indexer::trials(),
        job::trials(),
        prove_gaps::trials(),
        provider::trials(),
        prune::trials(),
        rebuild::trials(),
        reconcile::trials(),
        replay::trials(),
        restore::trials(),
        up::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
