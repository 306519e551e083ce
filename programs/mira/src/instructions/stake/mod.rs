//! Providers and the stake behind them.

mod register_provider;
mod request_unstake;
#[expect(clippy::module_inception, reason = "the instruction is called so")]
mod stake;
mod withdraw_stake;

pub use register_provider::*;
pub use request_unstake::*;
pub use stake::*;
pub use withdraw_stake::*;
