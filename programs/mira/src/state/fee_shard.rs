//! One of the sixteen places where fees wait, so that unrelated leases settle in parallel.

use super::{checked, next_seq};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::Payment;
use mira_core::fee_shard::{self, FEE_SHARDS};

/// A fee shard, at `["fees", shard]`; it is also the authority of its vault. Amounts are payment
/// base units.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct FeeShard {
    /// Which of the sixteen.
    pub shard: u8,
    /// Fees of all settlements so far.
    pub collected: u64,
    /// Of these, what was moved to the reward vault.
    pub swept: u64,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of its vault.
    pub vault_bump: u8,
}

impl FeeShard {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> fee_shard::FeeShard {
        fee_shard::FeeShard { collected: Payment::new(self.collected), swept: Payment::new(self.swept) }
    }

    /// Takes the books after a transition and counts its event.
    pub fn apply(&mut self, books: &fee_shard::FeeShard) -> Result<()> {
        self.collected = books.collected.get();
        self.swept = books.swept.get();
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// One of the sixteen, and never more swept than collected.
    pub fn invariant(&self) -> Result<()> {
        require_gt!(FEE_SHARDS, self.shard, MiraError::InvariantBroken);
        require!(self.seq > 0, MiraError::InvariantBroken);
        checked(self.to_core().invariant())
    }
}
