//! What units cost, and how much stake a cap exposes. Both are rates per 1,000,000, rounded up:
//! the payer never gets a unit for nothing, and a cap never exposes nothing. What a payment is worth in
//! stake when it is made good again is the same rate, rounded down.

use crate::amount::{Payment, Stake, StakePerMillion, UnitPrice, Units};
use crate::error::{Error, Result};

const MILLION: u128 = 1_000_000;

/// `ceil(units × price / 1,000,000)`, or [`Error::MathOverflow`].
pub fn amount_ceil(units: Units, price: UnitPrice) -> Result<Payment> {
    mul_div_million_ceil(units.get(), price.get()).map(Payment::new)
}

/// `ceil(cap × stake_per_million / 1,000,000)`, or [`Error::MathOverflow`].
pub fn exposure_ceil(cap: Payment, rate: StakePerMillion) -> Result<Stake> {
    mul_div_million_ceil(cap.get(), rate.get()).map(Stake::new)
}

/// `floor(paid × stake_per_million / 1,000,000)`, or [`Error::MathOverflow`].
pub fn stake_value_floor(paid: Payment, rate: StakePerMillion) -> Result<Stake> {
    let product = u128::from(paid.get()).checked_mul(u128::from(rate.get())).ok_or(Error::MathOverflow)?;
    let value = product.checked_div(MILLION).ok_or(Error::MathOverflow)?;
    u64::try_from(value).map(Stake::new).map_err(|_| Error::MathOverflow)
}

fn mul_div_million_ceil(a: u64, b: u64) -> Result<u64> {
    // Two u64 always fit in a u128.
    let product = u128::from(a).checked_mul(u128::from(b)).ok_or(Error::MathOverflow)?;
    u64::try_from(product.div_ceil(MILLION)).map_err(|_| Error::MathOverflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::proptest_config;
    use proptest::prelude::*;

    #[test]
    fn rounds_up() {
        assert_eq!(amount_ceil(Units::new(1), UnitPrice::new(1)), Ok(Payment::new(1)));
        assert_eq!(amount_ceil(Units::ZERO, UnitPrice::MAX), Ok(Payment::ZERO));
        assert_eq!(amount_ceil(Units::new(1_000_000), UnitPrice::new(7)), Ok(Payment::new(7)));
        assert_eq!(amount_ceil(Units::new(1_000_001), UnitPrice::new(7)), Ok(Payment::new(8)));
        assert_eq!(amount_ceil(Units::MAX, UnitPrice::MAX), Err(Error::MathOverflow));
        assert_eq!(exposure_ceil(Payment::new(1), StakePerMillion::new(1)), Ok(Stake::new(1)));
        assert_eq!(stake_value_floor(Payment::new(1_999_999), StakePerMillion::new(1)), Ok(Stake::new(1)));
        assert_eq!(stake_value_floor(Payment::MAX, StakePerMillion::MAX), Err(Error::MathOverflow));
    }

    proptest! {
        #![proptest_config(proptest_config(2_000))]

        /// The smallest amount that covers the product.
        #[test]
        fn is_the_least_cover(units: u64, price in 0u64..=1_000_000_000_000) {
            let product = u128::from(units) * u128::from(price);
            match amount_ceil(Units::new(units), UnitPrice::new(price)) {
                Ok(amount) => {
                    let covered = u128::from(amount.get()) * MILLION;
                    prop_assert!(covered >= product && covered - product < MILLION);
                }
                Err(error) => {
                    prop_assert_eq!(error, Error::MathOverflow);
                    prop_assert!(product > u128::from(u64::MAX) * MILLION);
                }
            }
        }
    }
}
