//! What a lost dispute takes from a provider's pool: the owner's own shares first, then from everyone
//! alike, those in tickets included.

use super::{Provider, ProviderStatus};
use crate::amount::{Bps, Shares, Stake};
use crate::error::{Error, Result};
use crate::fee::stake_share_floor;
use crate::position::Position;

/// A slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slashed {
    /// The provider after, jailed.
    pub provider: Provider,
    /// The owner's position after.
    pub owner: Position,
    /// Taken from the owner's own active stake.
    pub from_own: Stake,
    /// Taken from the whole pool after that.
    pub from_pool: Stake,
    /// The owner's shares that were burned.
    pub burned_shares: Shares,
}

impl Slashed {
    /// All that was taken.
    pub fn taken(&self) -> Result<Stake> {
        self.from_own.checked_add(self.from_pool)
    }
}

impl Provider {
    /// Takes `exposure`, but no more than `most` of the pool, frees as much exposure, and jails the
    /// provider until `jailed_until`. `owner` is the owner's position, an empty one if there is none.
    pub fn slash(&self, owner: &Position, exposure: Stake, most: Bps, jailed_until: i64) -> Result<Slashed> {
        // The mirror names the very position.
        if owner.shares != self.own_shares {
            return Err(Error::WrongAccount);
        }
        let amount = exposure.min(stake_share_floor(self.pool.total_stake, most)?);
        let own = self.own_stake()?;
        let from_own = amount.min(own);
        let burned_shares = if from_own == own { self.own_shares } else { self.pool.shares_ceil(from_own)? };
        let from_pool = amount.checked_sub(from_own)?;
        let owner = owner.accrue(self.reward_index)?.burn(burned_shares)?;
        let provider = Provider {
            status: ProviderStatus::Jailed,
            jailed_until: self.jailed_until.max(jailed_until),
            pool: self.pool.burn(from_own, burned_shares)?.lose(from_pool)?,
            own_shares: owner.shares,
            exposure: self.exposure.checked_sub(exposure)?,
            ..*self
        };
        provider.invariant()?;
        Ok(Slashed { provider, owner, from_own, from_pool, burned_shares })
    }
}

#[cfg(test)]
mod tests;
