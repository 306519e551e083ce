//! Providers and the stake behind them.

mod cancel_unstake;
mod register_provider;
mod request_unstake;
// Named as the instruction that it mirrors.
#[allow(clippy::module_inception)]
mod stake;
mod update_provider;
mod withdraw_stake;

use libtest_mimic::Trial;

/// What the delegator of a `RewardScene` earns of the first claim: two fifths of the 19 in 20 of 700,000
/// that the owner does not keep. The index rounds 266,000 down.
const EARNED: u64 = 265_999;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [
        cancel_unstake::trials(),
        register_provider::trials(),
        request_unstake::trials(),
        stake::trials(),
        update_provider::trials(),
        withdraw_stake::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
