//! Providers and the stake behind them.

mod cancel_unstake;
mod register_provider;
mod request_unstake;
#[expect(clippy::module_inception, reason = "the instruction is called so")]
mod stake;
mod update_provider;
mod withdraw_stake;

pub use cancel_unstake::*;
pub use register_provider::*;
pub use request_unstake::*;
pub use stake::*;
pub use update_provider::*;
pub use withdraw_stake::*;
