//! The dispatch engine: which providers serve a job, and who runs which shard.
//!
//! Pure and single-writer: no I/O, no clock, no global randomness, no floats. Everything that
//! happens is an [`input::Input`]; everything it decides is an [`effect::Effect`]. Whoever feeds it
//! records the inputs first and then carries the effects out, so that the state is always what a
//! [`replay`] of the record gives.
//!
//! | module | holds |
//! | --- | --- |
//! | [`engine`] | the state, one step, read-only views |
//! | [`input`], [`effect`], [`record`] | what happens, what is decided, what is published about it |
//! | [`place`] | hard limits, draw, score, plan: job → leases |
//! | [`route`] | request → lease, in microseconds |
//! | `serve` | interactive jobs: leases as targets, escrow for attempts |
//! | `shard` | late-binding pulls, hand-over, the tail: shard → lease |
//! | [`fair`] | whose shard is next |
//! | [`gang`] | members that start together or not at all |
//! | [`health`], `suspend` | who is sent work |
//! | `forget` | which jobs are past |
//! | [`reputation`], [`share`], [`market`] | whom to trust, who has how much, the slow path's prices and limits |
//! | [`quote`], [`quoted`], [`explain`] | what it would cost, what became of that, why it is as it is |
//! | [`pack`] | which machine a task should take, so that what is left stays of use |
//! | [`service`] | what a job asks of its tier, what a machine is |
//! | [`rtt`] | simulated round trips |
//! | [`histogram`] | how long things took |
//! | [`proof`] | dispatch epochs, the root over their records, decisions made again |
//! | [`replay`] | the record, fed again |
//! | [`snapshot`] | an engine as bytes and back |
//!
//! Served: all four tiers. Deliberately absent: wall time, the
//! chain (keys are bytes), signatures (checked by whoever feeds it), and any weight from stake.

pub mod config;
pub mod effect;
pub mod engine;
pub mod explain;
pub mod fair;
pub mod gang;
pub mod health;
pub mod histogram;
pub mod input;
pub mod market;
pub mod pack;
pub mod place;
pub mod proof;
pub mod quote;
pub mod quoted;
pub mod record;
pub mod replay;
pub mod reputation;
pub mod route;
pub mod rtt;
pub mod service;
pub mod share;
pub mod snapshot;
pub mod state;

mod codec;
mod decay;
mod forget;
mod on;
mod proposal;
mod serve;
mod shard;
mod suspend;
mod timers;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;

pub use config::{Config, MAX_SHARDS};
pub use engine::Engine;
