//! Where swept fees are kept for the rewards.

use super::next_seq;
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::Payment;
use mira_core::fee_shard::Rewards;

/// The reward vault's books, at `["rewards"]`; it is also the vault's authority. Amounts are payment
/// base units.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct RewardState {
    /// Fees swept from all shards so far.
    pub swept: u64,
    /// Number of this aggregate's last event; 0 until the first sweep.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of the vault.
    pub vault_bump: u8,
}

impl RewardState {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The books for core.
    pub fn to_core(&self) -> Rewards {
        Rewards { swept: Payment::new(self.swept) }
    }

    /// Takes the books after a sweep and counts its event.
    pub fn apply(&mut self, books: &Rewards) -> Result<()> {
        self.swept = books.swept.get();
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// Something was swept exactly if there was a sweep.
    pub fn invariant(&self) -> Result<()> {
        let swept = self.swept > 0;
        require!(swept == (self.seq > 0), MiraError::InvariantBroken);
        Ok(())
    }
}
