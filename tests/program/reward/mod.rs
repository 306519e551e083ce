//! From fees to rewards.

mod approve_epoch;
mod cancel_epoch;
mod claim_delegation_reward;
mod claim_reward;
mod finalize_epoch;
mod proof;
mod sweep_fees;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [
        approve_epoch::trials(),
        cancel_epoch::trials(),
        claim_delegation_reward::trials(),
        claim_reward::trials(),
        finalize_epoch::trials(),
        proof::trials(),
        sweep_fees::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
