//! The whole protocol as an executable model: books, vaults, and who may do what.
//!
//! Tests drive it beside the program and compare. Vault balances are counted apart from the books
//! they must agree with, so a transition that moves the wrong amount shows in [`Ledger::check`].
//! Addresses are given by the caller, because only the chain derives them.
//!
//! Deliberately absent: rent, transaction fees, and the balances of wallets; a transfer that a
//! wallet cannot cover is refused by the token program before the protocol sees it.

mod action;
mod apply;
mod check;
#[cfg(all(test, feature = "sha2"))]
mod tests;

pub use action::{Action, Vault};
pub use check::Broken;

use crate::Key;
use crate::amount::{Payment, Stake};
use crate::dispute::Dispute;
use crate::error::Result;
use crate::fee_shard::FeeShard;
use crate::job::Job;
use crate::lease::Lease;
use crate::network::Network;
use crate::params::{Params, Profile};
use crate::position::Position;
use crate::provider::Provider;
use crate::rewards::Rewards;
use alloc::collections::{BTreeMap, BTreeSet};

/// A registered provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEntry {
    /// The cold key.
    pub owner: Key,
    /// The hot key.
    pub operator: Key,
    /// Its books.
    pub books: Provider,
}

/// A job that is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEntry {
    /// Its books.
    pub books: Job,
    /// What its vault really holds.
    pub vault: Payment,
    /// Of that, what others sent there.
    pub foreign: Payment,
}

/// A lease that is not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseEntry {
    /// The job that pays.
    pub job: Key,
    /// The provider that serves.
    pub provider: Key,
    /// Its number on the job.
    pub nonce: u32,
    /// Copied from the job.
    pub requester: Key,
    /// Copied from the job.
    pub voucher_signer: Key,
    /// Copied from the provider.
    pub operator: Key,
    /// Its books.
    pub books: Lease,
}

/// A fee shard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardEntry {
    /// Its books.
    pub books: FeeShard,
    /// What its vault really holds.
    pub vault: Payment,
    /// Of that, what others sent there.
    pub foreign: Payment,
}

/// The reward vault and the treasury.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardsEntry {
    /// Their books.
    pub books: Rewards,
    /// What the reward vault really holds.
    pub vault: Payment,
    /// Of that, what others sent there.
    pub foreign: Payment,
    /// What the treasury's vault really holds.
    pub treasury: Payment,
    /// Of that, what others sent there.
    pub treasury_foreign: Payment,
}

/// All tokens that ever crossed the border between wallets and vaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Payment that came in, gifts included.
    pub payment_in: u128,
    /// Payment that went out.
    pub payment_out: u128,
    /// Stake that came in, gifts included.
    pub stake_in: u128,
    /// Stake that went out.
    pub stake_out: u128,
    /// Stake that was burned.
    pub stake_burned: u128,
    /// Fees of all settlements.
    pub fees: u128,
}

/// The network's whole state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// Who governs it, and the parameters.
    pub network: Network,
    /// By provider address.
    pub providers: BTreeMap<Key, ProviderEntry>,
    /// By provider address and staker.
    pub positions: BTreeMap<(Key, Key), Position>,
    /// By job address.
    pub jobs: BTreeMap<Key, JobEntry>,
    /// By lease address.
    pub leases: BTreeMap<Key, LeaseEntry>,
    /// By the address of the disputed lease.
    pub disputes: BTreeMap<Key, Dispute>,
    /// By number.
    pub shards: BTreeMap<u8, ShardEntry>,
    /// The only one.
    pub rewards: RewardsEntry,
    /// What the stake vault really holds.
    pub stake_vault: Stake,
    /// Of that, what others sent there.
    pub stake_foreign: Stake,
    /// Addresses of closed jobs and ended leases: none may return.
    pub retired: BTreeSet<Key>,
    /// What crossed the border.
    pub flows: Flows,
}

impl Ledger {
    /// The state right after `initialize`. Refuses parameters outside their bounds with
    /// [`crate::Error::InvalidParams`].
    pub fn initialize(admin: Key, params: Params, profile: Profile, now: i64) -> Result<Ledger> {
        Ok(Ledger {
            now,
            network: Network::initialize(admin, params, profile)?,
            providers: BTreeMap::new(),
            positions: BTreeMap::new(),
            jobs: BTreeMap::new(),
            leases: BTreeMap::new(),
            disputes: BTreeMap::new(),
            shards: BTreeMap::new(),
            rewards: RewardsEntry { books: Rewards::begin(now), ..RewardsEntry::default() },
            stake_vault: Stake::ZERO,
            stake_foreign: Stake::ZERO,
            retired: BTreeSet::new(),
            flows: Flows::default(),
        })
    }

    /// Does one thing, or refuses it and changes nothing.
    pub fn apply(&mut self, action: &Action) -> Result<()> {
        let mut after = self.clone();
        apply::apply(&mut after, action)?;
        *self = after;
        Ok(())
    }
}
