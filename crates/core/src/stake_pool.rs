//! A provider's stake as shares of a pool, counted by the pool itself and never by its vault.
//!
//! Whoever sends tokens to the vault therefore moves nobody's share. All rounding favours those who
//! stay: deposits buy rounded-down shares, withdrawals pay rounded-down value, and whoever burns the
//! last share takes all that is left.

use crate::amount::{Shares, Stake};
use crate::error::{Error, Result};

/// A pool that one base unit buys more shares of than this takes no deposit: after a slash to
/// almost nothing the share numbers would grow without bound.
pub const MAX_SHARES_PER_UNIT: u128 = 1_000_000;

/// The pool's books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Stake held for all shares.
    pub total_stake: Stake,
    /// All shares, those in tickets included.
    pub total_shares: Shares,
    /// Shares in unbonding tickets: they back no new lease but can still be slashed.
    pub unbonding_shares: Shares,
}

/// A deposit: the pool after it and the shares it bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// The pool after.
    pub pool: Pool,
    /// What the staker receives.
    pub shares: Shares,
}

/// A withdrawal: the pool after it and the stake it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The pool after.
    pub pool: Pool,
    /// What the staker receives.
    pub amount: Stake,
}

impl Pool {
    /// Adds stake. The first deposit buys one share a base unit.
    ///
    /// Refuses: [`Error::AmountZero`] (also if the amount buys no share),
    /// [`Error::StakePoolBroken`], [`Error::StakeRatioTooHigh`], [`Error::MathOverflow`].
    pub fn deposit(&self, amount: Stake) -> Result<Deposit> {
        if amount.is_zero() {
            return Err(Error::AmountZero);
        }
        let shares = self.shares_for_floor(amount)?;
        if shares.is_zero() {
            return Err(Error::AmountZero);
        }
        let pool = Pool {
            total_stake: self.total_stake.checked_add(amount)?,
            total_shares: self.total_shares.checked_add(shares)?,
            ..*self
        };
        Ok(Deposit { pool, shares })
    }

    /// Moves active shares to unbonding. Refuses: [`Error::AmountZero`],
    /// [`Error::InsufficientShares`].
    pub fn request_unstake(&self, shares: Shares) -> Result<Pool> {
        if shares.is_zero() {
            return Err(Error::AmountZero);
        }
        if shares > self.active_shares()? {
            return Err(Error::InsufficientShares);
        }
        Ok(Pool { unbonding_shares: self.unbonding_shares.checked_add(shares)?, ..*self })
    }

    /// Burns unbonding shares and pays their value; the last shares take all that is left.
    /// Refuses: [`Error::AmountZero`], [`Error::InsufficientShares`].
    pub fn withdraw(&self, shares: Shares) -> Result<Withdrawal> {
        if shares.is_zero() {
            return Err(Error::AmountZero);
        }
        if shares > self.unbonding_shares {
            return Err(Error::InsufficientShares);
        }
        let amount = self.value_floor(shares)?;
        let pool = Pool {
            total_stake: self.total_stake.checked_sub(amount)?,
            total_shares: self.total_shares.checked_sub(shares)?,
            unbonding_shares: self.unbonding_shares.checked_sub(shares)?,
        };
        Ok(Withdrawal { pool, amount })
    }

    /// Makes unbonding shares active again. Refuses: [`Error::InsufficientShares`].
    pub fn cancel_unstake(&self, shares: Shares) -> Result<Pool> {
        if shares > self.unbonding_shares {
            return Err(Error::InsufficientShares);
        }
        Ok(Pool { unbonding_shares: self.unbonding_shares.checked_sub(shares)?, ..*self })
    }

    /// Takes stake and the active shares that stood for it.
    pub fn burn(&self, stake: Stake, shares: Shares) -> Result<Pool> {
        Ok(Pool {
            total_stake: self.total_stake.checked_sub(stake)?,
            total_shares: self.total_shares.checked_sub(shares)?,
            ..*self
        })
    }

    /// Takes stake from all shares alike, tickets included.
    pub fn lose(&self, stake: Stake) -> Result<Pool> {
        Ok(Pool { total_stake: self.total_stake.checked_sub(stake)?, ..*self })
    }

    /// What shares are worth now: `floor(shares × total_stake / total_shares)`. Refuses more shares
    /// than there are with [`Error::InsufficientShares`].
    pub fn value_floor(&self, shares: Shares) -> Result<Stake> {
        if shares > self.total_shares {
            return Err(Error::InsufficientShares);
        }
        if shares.is_zero() {
            return Ok(Stake::ZERO);
        }
        if shares == self.total_shares {
            return Ok(self.total_stake);
        }
        proportion_floor(shares.get(), self.total_stake.get(), self.total_shares.get()).map(Stake::new)
    }

    /// The fewest shares that are worth at least `amount` now: `ceil(amount × total_shares / total_stake)`;
    /// none where there is no stake.
    pub fn shares_ceil(&self, amount: Stake) -> Result<Shares> {
        let overflow = Error::MathOverflow;
        let (stake, shares) = (u128::from(self.total_stake.get()), self.total_shares.get());
        let (Some(per_unit), Some(rest)) = (shares.checked_div(stake), shares.checked_rem(stake)) else {
            return Ok(Shares::ZERO);
        };
        // Shares per base unit, and what is left over: amount × shares itself would not always fit.
        let amount = u128::from(amount.get());
        let whole = amount.checked_mul(per_unit).ok_or(overflow)?;
        let part = amount.checked_mul(rest).ok_or(overflow)?.div_ceil(stake);
        whole.checked_add(part).map(Shares::new).ok_or(overflow)
    }

    /// What the shares outside tickets are worth: the stake that can back a new lease.
    pub fn active_value(&self) -> Result<Stake> {
        self.value_floor(self.active_shares()?)
    }

    /// All shares outside tickets.
    pub fn active_shares(&self) -> Result<Shares> {
        self.total_shares.checked_sub(self.unbonding_shares)
    }

    /// `unbonding ≤ total` shares, and stake only where there are shares, else
    /// [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let owned = !self.total_shares.is_zero() || self.total_stake.is_zero();
        if owned && self.unbonding_shares <= self.total_shares { Ok(()) } else { Err(Error::InvariantBroken) }
    }

    fn shares_for_floor(&self, amount: Stake) -> Result<Shares> {
        let overflow = Error::MathOverflow;
        let (stake, shares) = (u128::from(self.total_stake.get()), self.total_shares.get());
        if shares == 0 {
            return Ok(Shares::new(u128::from(amount.get())));
        }
        // Shares per base unit, and what is left over: amount × shares itself would not fit.
        let per_unit = shares.checked_div(stake).ok_or(Error::StakePoolBroken)?;
        let rest = shares.checked_rem(stake).ok_or(Error::StakePoolBroken)?;
        if per_unit > MAX_SHARES_PER_UNIT || (per_unit == MAX_SHARES_PER_UNIT && rest > 0) {
            return Err(Error::StakeRatioTooHigh);
        }
        let amount = u128::from(amount.get());
        let whole = amount.checked_mul(per_unit).ok_or(overflow)?;
        let part = match rest {
            0 => 0,
            _ => amount.checked_mul(rest).and_then(|product| product.checked_div(stake)).ok_or(overflow)?,
        };
        whole.checked_add(part).map(Shares::new).ok_or(overflow)
    }
}

/// `floor(part × value / whole)` for `part < whole < 2^127`, exact although the product may need
/// 192 bits: money must never be trapped behind an overflow.
fn proportion_floor(part: u128, value: u64, whole: u128) -> Result<u64> {
    let overflow = Error::MathOverflow;
    if let Some(product) = part.checked_mul(u128::from(value)) {
        let quotient = product.checked_div(whole).ok_or(overflow)?;
        return u64::try_from(quotient).map_err(|_| overflow);
    }
    // Long multiplication by value's bits from the highest, reduced by `whole` at each step, so
    // that the running product stays `quotient × whole + rest` with rest < whole.
    let (mut quotient, mut rest) = (0u64, 0u128);
    for bit in (0..u64::BITS).rev() {
        quotient = quotient.checked_mul(2).ok_or(overflow)?;
        rest = rest.checked_mul(2).ok_or(overflow)?;
        (quotient, rest) = carry(quotient, rest, whole)?;
        if value.checked_shr(bit).unwrap_or(0) & 1 == 1 {
            rest = rest.checked_add(part).ok_or(overflow)?;
            (quotient, rest) = carry(quotient, rest, whole)?;
        }
    }
    Ok(quotient)
}

fn carry(quotient: u64, rest: u128, whole: u128) -> Result<(u64, u128)> {
    match rest.checked_sub(whole) {
        Some(rest) => Ok((quotient.checked_add(1).ok_or(Error::MathOverflow)?, rest)),
        None => Ok((quotient, rest)),
    }
}

#[cfg(test)]
mod tests;
