//! From fees to rewards.

mod sweep_fees;

pub use sweep_fees::*;
