//! What one active share has earned so far, as a running index.
//!
//! A claim raises the index by `amount / active shares`; a position earns the rise since it last
//! looked, times its shares. Both round down, so that positions never earn more than was claimed.

use crate::amount::{Payment, Shares};
use crate::error::{Error, Result};

/// With fewer active shares than this a claim goes to the owner alone: almost no stake would
/// otherwise catch whole rewards, and the index would grow without bound.
pub const MIN_ACTIVE_SHARES: Shares = Shares::new(1_000_000);

/// Payment base units per share, with 64 fractional bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RewardIndex(u128);

impl RewardIndex {
    /// Where every pool begins.
    pub const ZERO: Self = Self(0);

    /// Wraps the bare number, Q64.64.
    pub const fn new(value: u128) -> Self {
        Self(value)
    }

    /// The bare number, Q64.64.
    pub const fn get(self) -> u128 {
        self.0
    }

    /// The index after `amount` was shared among `active` shares, rounded down.
    pub fn grow_floor(self, amount: Payment, active: Shares) -> Result<Self> {
        let scaled = u128::from(amount.get()).checked_shl(64).ok_or(Error::MathOverflow)?;
        let rise = scaled.checked_div(active.get()).ok_or(Error::MathOverflow)?;
        self.0.checked_add(rise).map(Self).ok_or(Error::MathOverflow)
    }

    /// `floor(shares × (self − since))`: what `shares` have earned since the index was `since`.
    pub fn earned_floor(self, since: Self, shares: Shares) -> Result<Payment> {
        let overflow = Error::MathOverflow;
        let rise = self.0.checked_sub(since.0).ok_or(Error::InvariantBroken)?;
        // shares × rise / 2^64 in parts, because the product may need 192 bits:
        // shares × whole + high × part + floor(low × part / 2^64).
        let (whole, part) = (rise >> 64, rise & LOW);
        let (high, low) = (shares.get() >> 64, shares.get() & LOW);
        let fraction = low.checked_mul(part).ok_or(overflow)? >> 64;
        let sum = shares.get().checked_mul(whole).zip(high.checked_mul(part)).and_then(|(a, b)| a.checked_add(b));
        let earned = sum.and_then(|sum| sum.checked_add(fraction)).ok_or(overflow)?;
        u64::try_from(earned).map(Payment::new).map_err(|_| overflow)
    }
}

const LOW: u128 = u64::MAX as u128;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::proptest_config;
    use proptest::prelude::*;

    #[test]
    fn shares_earn_their_part() {
        let index = RewardIndex::ZERO.grow_floor(Payment::new(100), Shares::new(1_000_000)).unwrap();
        let earned = |shares| index.earned_floor(RewardIndex::ZERO, Shares::new(shares)).unwrap().get();
        // 100 / 10^6 is no binary fraction: the index is just below it, and so is every part.
        assert_eq!((earned(1_000_000), earned(500_001), earned(9_999), earned(0)), (99, 50, 0, 0));
        let even = RewardIndex::ZERO.grow_floor(Payment::new(1 << 20), Shares::new(1 << 20)).unwrap();
        assert_eq!(even.earned_floor(RewardIndex::ZERO, Shares::new(1 << 20)), Ok(Payment::new(1 << 20)));
        assert_eq!(RewardIndex::ZERO.earned_floor(index, Shares::new(1)), Err(Error::InvariantBroken));
    }

    proptest! {
        #![proptest_config(proptest_config(2_000))]

        /// Whatever the holders, together they earn at most what was claimed, and at most a unit each less
        /// than their exact part.
        #[test]
        fn parts_never_exceed_the_claim(
            amount: u64,
            parts in prop::collection::vec(1u128..=1_000_000_000_000_000_000_000_000, 1..8),
        ) {
            let total: u128 = parts.iter().sum::<u128>() + MIN_ACTIVE_SHARES.get();
            let before = RewardIndex::new(u128::from(amount) << 7);
            let index = before.grow_floor(Payment::new(amount), Shares::new(total)).unwrap();
            let mut sum = 0u128;
            for part in parts {
                let earned = u128::from(index.earned_floor(before, Shares::new(part)).unwrap().get());
                // earned ≤ amount × part / total, checked in f64-free wide arithmetic: 64 + 87 bits do not
                // fit, so both sides are divided by the amount's part first.
                let exact = wide_mul_div(u128::from(amount), part, total);
                prop_assert!(earned <= exact && earned + 1 + (part >> 64) >= exact, "{} {}", earned, exact);
                sum += earned;
            }
            prop_assert!(sum <= u128::from(amount));
        }
    }

    /// `floor(a × b / c)` by schoolbook long division, bit by bit.
    fn wide_mul_div(a: u128, b: u128, c: u128) -> u128 {
        let (mut quotient, mut rest) = (0u128, 0u128);
        for bit in (0..128).rev() {
            quotient *= 2;
            rest *= 2;
            if (a >> bit) & 1 == 1 {
                rest += b;
            }
            quotient += rest / c;
            rest %= c;
        }
        quotient
    }
}
