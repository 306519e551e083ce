//! From fees to rewards.

mod approve_epoch;
mod cancel_epoch;
mod claim_delegation_reward;
mod claim_reward;
mod finalize_epoch;
mod sweep_fees;

pub use approve_epoch::*;
pub use cancel_epoch::*;
pub use claim_delegation_reward::*;
pub use claim_reward::*;
pub use finalize_epoch::*;
pub use sweep_fees::*;
