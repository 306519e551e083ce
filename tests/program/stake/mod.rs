//! Providers and the stake behind them.

mod register_provider;
mod request_unstake;
// Named as the instruction that it mirrors.
#[allow(clippy::module_inception)]
mod stake;
mod withdraw_stake;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [register_provider::trials(), request_unstake::trials(), stake::trials(), withdraw_stake::trials()]
        .into_iter()
        .flatten()
        .collect()
}
