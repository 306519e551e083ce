//! Each instruction of the program's ELF in the SVM: success, wrong signer, wrong state, wrong
//! account, each with the exact error; mirrors `programs/mira/src/instructions/`.
//!
//! After every step, accepted or refused, the world compares all accounts and vaults with the ledger
//! of `mira_core`, and the events with the accounts they number: see `mira_testkit::world`.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod security_txt;
mod stake;
pub mod support;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    let groups = [
        admin::trials(),
        stake::trials(),
        job::trials(),
        lease::trials(),
        dispute::trials(),
        reward::trials(),
        security_txt::trials(),
    ];
    groups.into_iter().flatten().collect()
}
