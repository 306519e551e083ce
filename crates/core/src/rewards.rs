//! What the reward vault and the treasury have counted: `vault = swept − paid out − sent to treasury`.

use crate::amount::Payment;
use crate::epoch::{Epochs, Finalized};
use crate::error::{Error, Result};

/// The books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewards {
    /// Fees swept from all shards so far.
    pub swept: Payment,
    /// Rewards claimed for providers so far, owners' and delegators' parts together.
    pub claimed: Payment,
    /// Of these, what has left the vault.
    pub paid_out: Payment,
    /// What finalized epochs sent to the treasury's vault.
    pub to_treasury: Payment,
    /// Of that, what the admin withdrew.
    pub withdrawn: Payment,
    /// The epochs.
    pub epochs: Epochs,
}

impl Rewards {
    /// The books of a network that begins at `now`.
    pub fn begin(now: i64) -> Rewards {
        Rewards { epochs: Epochs { last_at: now, ..Epochs::default() }, ..Rewards::default() }
    }

    /// Takes a sweep in.
    pub fn sweep(&self, amount: Payment) -> Result<Rewards> {
        Ok(Rewards { swept: self.swept.checked_add(amount)?, ..self.clone() })
    }

    /// Finalizes the pending epoch. Refuses as [`Epochs::finalize`] does.
    pub fn finalize(&self, now: i64) -> Result<(Rewards, Payment)> {
        let Finalized { epochs, to_treasury } = self.epochs.finalize(self.swept, now)?;
        let total = self.to_treasury.checked_add(to_treasury)?;
        Ok((Rewards { epochs, to_treasury: total, ..self.clone() }, to_treasury))
    }

    /// Counts a claim of `amount`, of which `owner` leaves the vault at once.
    ///
    /// Refuses: [`Error::ClaimExceedsTotal`].
    pub fn claim(&self, amount: Payment, owner: Payment) -> Result<Rewards> {
        let claimed = self.claimed.checked_add(amount)?;
        if claimed > self.epochs.last.cumulative_total {
            return Err(Error::ClaimExceedsTotal);
        }
        Ok(Rewards { claimed, ..self.pay(owner)? })
    }

    /// Counts a payment out of what was claimed before.
    pub fn pay(&self, amount: Payment) -> Result<Rewards> {
        Ok(Rewards { paid_out: self.paid_out.checked_add(amount)?, ..self.clone() })
    }

    /// Takes from the treasury. Refuses: [`Error::AmountZero`], [`Error::TreasuryInsufficient`].
    pub fn withdraw(&self, amount: Payment) -> Result<Rewards> {
        if amount.is_zero() {
            return Err(Error::AmountZero);
        }
        if amount > self.treasury()? {
            return Err(Error::TreasuryInsufficient);
        }
        Ok(Rewards { withdrawn: self.withdrawn.checked_add(amount)?, ..self.clone() })
    }

    /// What the reward vault holds by its books.
    pub fn held(&self) -> Result<Payment> {
        self.swept.checked_sub(self.paid_out)?.checked_sub(self.to_treasury)
    }

    /// What the treasury's vault holds by its books.
    pub fn treasury(&self) -> Result<Payment> {
        self.to_treasury.checked_sub(self.withdrawn)
    }

    /// Paid ≤ claimed ≤ the final root's total, and every vault covers its books, else
    /// [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        self.epochs.invariant()?;
        let last = &self.epochs.last;
        let ordered = self.paid_out <= self.claimed && self.claimed <= last.cumulative_total;
        let covered = last.cumulative_fees <= self.swept && self.held().is_ok() && self.treasury().is_ok();
        if ordered && covered { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests;
