//! Mira's protocol as pure data and arithmetic.
//!
//! The program calls this crate for every amount and every transition, the indexer recomputes with
//! it, the tests use it as the oracle. It knows no chain, no database and no clock: keys are
//! `[u8; 32]`, the time and the hasher are parameters.
//!
//! Deliberately absent: floats, `unsafe`, serialisation, randomness, and anything that can panic.
//! Every rejection is one [`error::Error`]; the program's own errors mirror that enum one to one.
//!
//! | module | holds |
//! | --- | --- |
//! | [`amount`] | newtypes for money, units, prices, shares, rates |
//! | [`error`] | every rejection of the protocol |
//! | [`params`] | the network's parameters and their hard bounds |
//! | [`price`], [`fee`] | amounts from units, exposure from caps, fees from settlements |
//! | [`fee_shard`], [`rewards`] | what a fee shard, the reward vault and the treasury count |
//! | [`stake_pool`], [`position`], [`commission`], [`provider`] | stake: the pool, one staker's part, the provider around both |
//! | [`job`], [`lease`] | the two state machines that move escrow |
//! | [`dispute`] | the state machine that takes stake |
//! | [`epoch`], [`merkle`], [`reward`] | agreeing on rewards, proving one's own, sharing it |
//! | [`network`] | who governs, and how far |
//! | [`voucher`], [`usage`], [`request`] | the messages that get signed |
//! | [`label`], [`tier`], [`hash`] | small vocabulary |
//! | [`ledger`] | the whole protocol as an executable model |
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod amount;
pub mod commission;
pub mod dispute;
pub mod epoch;
pub mod error;
pub mod fee;
pub mod fee_shard;
pub mod hash;
pub mod job;
pub mod label;
pub mod lease;
pub mod ledger;
pub mod merkle;
pub mod network;
pub mod params;
pub mod position;
pub mod price;
pub mod provider;
pub mod request;
pub mod reward;
pub mod rewards;
pub mod stake_pool;
pub mod tier;
pub mod usage;
pub mod voucher;

#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod extremes;
#[cfg(test)]
mod testing;

/// A public key or an account address.
pub type Key = [u8; 32];
/// A SHA-256 digest.
pub type Hash = [u8; 32];

pub use error::{Error, Result};
