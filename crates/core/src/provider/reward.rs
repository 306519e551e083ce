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
        let amount = self.unclaimed(lifetime)?;
        let owner = if self.is_alone()? { amount } else { share_floor(amount, self.commission.at(now))? };
        self.claim(lifetime, amount, owner)
    }

    /// The same where the owner's payout account cannot receive: the active shares get the owner's part as
    /// well, so that no owner holds its delegators' rewards up until they have left.
    ///
    /// Refuses: [`Error::NothingToClaim`], [`Error::PayoutUnusable`] where there is almost no stake.
    pub fn claim_reward_shared(&self, lifetime: Payment) -> Result<RewardClaimed> {
        let amount = self.unclaimed(lifetime)?;
        if self.is_alone()? {
            return Err(Error::PayoutUnusable);
        }
        self.claim(lifetime, amount, Payment::ZERO)
    }

    fn unclaimed(&self, lifetime: Payment) -> Result<Payment> {
        if lifetime <= self.claimed {
            return Err(Error::NothingToClaim);
        }
        lifetime.checked_sub(self.claimed)
    }

    fn is_alone(&self) -> Result<bool> {
        Ok(self.pool.active_shares()? < MIN_ACTIVE_SHARES)
    }

    fn claim(&self, lifetime: Payment, amount: Payment, owner: Payment) -> Result<RewardClaimed> {
        let shared = amount.checked_sub(owner)?;
        let reward_index = match shared.is_zero() {
            true => self.reward_index,
            false => self.reward_index.grow_floor(shared, self.pool.active_shares()?)?,
        };
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
