//! Parts of amounts, and the fees of settlements, which are taken on the running total so that splitting
//! payments costs nothing extra.

use crate::amount::{Bps, Payment, Stake};
use crate::error::{Error, Result};

/// One step of a lease's settlement: `gross = fee + net`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What leaves the escrow.
    pub gross: Payment,
    /// What goes to the fee shard.
    pub fee: Payment,
    /// What goes to the provider: the rest, by subtraction.
    pub net: Payment,
}

/// `ceil(amount × rate)`. Never more than `amount`.
pub fn fee_ceil(amount: Payment, rate: Bps) -> Result<Payment> {
    scale(amount.get(), rate, Rounding::Up).map(Payment::new)
}

/// `floor(amount × share)`: the part of an amount that a share allows.
pub fn share_floor(amount: Payment, share: Bps) -> Result<Payment> {
    scale(amount.get(), share, Rounding::Down).map(Payment::new)
}

/// `floor(stake × share)`: the part of a pool that a share allows.
pub fn stake_share_floor(stake: Stake, share: Bps) -> Result<Stake> {
    scale(stake.get(), share, Rounding::Down).map(Stake::new)
}

/// `ceil(stake × rate)`: a bond.
pub fn stake_share_ceil(stake: Stake, rate: Bps) -> Result<Stake> {
    scale(stake.get(), rate, Rounding::Up).map(Stake::new)
}

/// The step from `before` settled to `after` settled. Refuses with [`Error::NothingToSettle`]
/// unless `after > before`.
pub fn settlement(before: Payment, after: Payment, rate: Bps) -> Result<Settlement> {
    if after <= before {
        return Err(Error::NothingToSettle);
    }
    let gross = after.checked_sub(before)?;
    let fee = fee_ceil(after, rate)?.checked_sub(fee_ceil(before, rate)?)?;
    let net = gross.checked_sub(fee)?;
    Ok(Settlement { gross, fee, net })
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// In u64 throughout: with `amount = q × 10,000 + r` both products stay below 2^64, because a rate
/// is at most 10,000. Software division of u128 is dear on chain.
fn scale(amount: u64, rate: Bps, rounding: Rounding) -> Result<u64> {
    let denominator = u64::from(Bps::DENOMINATOR);
    let rate = u64::from(rate.get());
    let overflow = Error::MathOverflow;
    let quotient = amount.checked_div(denominator).ok_or(overflow)?;
    let remainder = amount.checked_rem(denominator).ok_or(overflow)?;
    let whole = quotient.checked_mul(rate).ok_or(overflow)?;
    let part = remainder.checked_mul(rate).ok_or(overflow)?;
    let part = match rounding {
        Rounding::Up => part.div_ceil(denominator),
        Rounding::Down => part.checked_div(denominator).ok_or(overflow)?,
    };
    whole.checked_add(part).ok_or(overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::proptest_config;
    use proptest::prelude::*;

    #[test]
    fn refuses_to_go_back() {
        let five = Payment::new(5);
        assert_eq!(settlement(five, five, Bps::ONE), Err(Error::NothingToSettle));
        assert_eq!(settlement(five, Payment::new(4), Bps::ONE), Err(Error::NothingToSettle));
    }

    #[test]
    fn the_whole_range_is_exact() {
        assert_eq!(fee_ceil(Payment::MAX, Bps::ONE), Ok(Payment::MAX));
        assert_eq!(fee_ceil(Payment::new(1), Bps::new(1).unwrap()), Ok(Payment::new(1)));
        assert_eq!(share_floor(Payment::new(9_999), Bps::new(1).unwrap()), Ok(Payment::ZERO));
    }

    proptest! {
        #![proptest_config(proptest_config(2_000))]

        #[test]
        fn equals_the_wide_formula(amount: u64, rate in 0u16..=10_000) {
            let product = u128::from(amount) * u128::from(rate);
            let rate = Bps::new(rate).unwrap();
            let amount = Payment::new(amount);
            prop_assert_eq!(
                u128::from(fee_ceil(amount, rate).unwrap().get()), product.div_ceil(10_000));
            prop_assert_eq!(
                u128::from(share_floor(amount, rate).unwrap().get()), product / 10_000);
        }

        /// However a total is split, the same fee is taken, and nothing is lost.
        #[test]
        fn splitting_costs_nothing(steps in prop::collection::vec(1u64..1_000_000, 1..20), rate in 1u16..=2_000) {
            let rate = Bps::new(rate).unwrap();
            let (mut settled, mut fees, mut nets) = (Payment::ZERO, 0u64, 0u64);
            for step in steps {
                let after = settled.checked_add(Payment::new(step)).unwrap();
                let part = settlement(settled, after, rate).unwrap();
                prop_assert_eq!(part.gross.get(), part.fee.get() + part.net.get());
                fees += part.fee.get();
                nets += part.net.get();
                settled = after;
            }
            prop_assert_eq!(fees, fee_ceil(settled, rate).unwrap().get());
            prop_assert_eq!(fees + nets, settled.get());
        }
    }
}
