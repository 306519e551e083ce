//! Rewards: a claim for the provider, split between its owner and all active shares, and what one
//! position takes out.

use super::Provider;
use crate::amount::Payment;
use crate::error::{Error, Result};
use crate::fee::share_floor;
use crate::position::Position;
use crate::reward::MIN_ACTIVE_SHARES;

/// A claim: `amount = owner + shared`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardClaimed {
    /// The provider after.
    pub provider: Provider,
    /// What the claim adds to all claims before.
    pub amount: Payment,
    /// Paid to the owner's payout account: the commission, or all where there is almost no stake.
    pub owner: Payment,
    /// Stays in the vault, for all active shares: the rest, by subtraction.
    pub shared: Payment,
}

/// What a staker takes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationClaimed {
    /// The position after.
    pub position: Position,
    /// What the staker receives.
    pub amount: Payment,
}

impl Provider {
    /// Claims up to the `lifetime` amount of a proven leaf. The caller has verified the proof.
    ///
    /// Refuses: [`Error::NothingToClaim`].
    pub fn claim_reward(&self, lifetime: Payment, now: i64) -> Result<RewardClaimed> {
        if lifetime <= self.claimed {
            return Err(Error::NothingToClaim);
        }
        let amount = lifetime.checked_sub(self.claimed)?;
        let active = self.pool.active_shares()?;
        let alone = active < MIN_ACTIVE_SHARES;
        let owner = if alone { amount } else { share_floor(amount, self.commission.at(now))? };
        let shared = amount.checked_sub(owner)?;
        let reward_index = if alone { self.reward_index } else { self.reward_index.grow_floor(shared, active)? };
        Ok(RewardClaimed { provider: Provider { claimed: lifetime, reward_index, ..*self }, amount, owner, shared })
    }

    /// Pays a staker what its position has earned. Refuses: [`Error::NothingToClaim`].
    pub fn claim_delegation(&self, position: &Position) -> Result<DelegationClaimed> {
        let (position, amount) = position.accrue(self.reward_index)?.claim()?;
        Ok(DelegationClaimed { position, amount })
    }
}

#[cfg(test)]
mod tests;
