//! One event per state change, emitted through `emit_cpi!` so that log truncation cannot lose it.
//!
//! Every event carries `schema`, the `(key, seq)` of each aggregate it changes, the actor, and the
//! amounts before and after, so that a projection never needs another read. `seq` is the number of
//! the event within its aggregate, from 1, without a gap.
//!
//! Amounts are base units: stake amounts of the stake mint, all others of the payment mint. Times
//! are unix seconds of the chain's clock.

// The IDL says of each field what its comment says.
#![warn(missing_docs)]

mod dispute;
mod job;
mod lease;
mod network;
mod reward;
mod stake;

pub use dispute::*;
pub use job::*;
pub use lease::*;
pub use network::*;
pub use reward::*;
pub use stake::*;

/// The version of the layouts below.
pub const SCHEMA: u8 = 1;
