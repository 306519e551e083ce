//! The one formula that `mira_core` has no use for: on chain every part is a rate, here it is a ratio.

use mira_core::amount::Payment;
use mira_core::{Error, Result};

/// `floor(amount × part / whole)`, exact over the whole range; nothing of nothing.
///
/// # Errors
/// [`Error::MathOverflow`] if `part > whole` makes it too large for an amount.
pub(crate) fn proportion_floor(amount: Payment, part: Payment, whole: Payment) -> Result<Payment> {
    let product = u128::from(amount.get()).checked_mul(u128::from(part.get())).ok_or(Error::MathOverflow)?;
    let quotient = product.checked_div(u128::from(whole.get())).unwrap_or(0);
    u64::try_from(quotient).map(Payment::new).map_err(|_| Error::MathOverflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(amount: u64, part: u64, whole: u64) -> Result<u64> {
        proportion_floor(Payment::new(amount), Payment::new(part), Payment::new(whole)).map(Payment::get)
    }

    #[test]
    fn rounds_down_and_never_gives_more_than_there_is() {
        assert_eq!(of(10, 1, 3), Ok(3));
        assert_eq!(of(10, 2, 3), Ok(6));
        assert_eq!(of(10, 3, 3), Ok(10));
        assert_eq!(of(u64::MAX, u64::MAX, u64::MAX), Ok(u64::MAX));
        assert_eq!(of(u64::MAX, u64::MAX - 1, u64::MAX), Ok(u64::MAX - 1));
        assert_eq!(of(1, 1, u64::MAX), Ok(0));
    }

    #[test]
    fn of_nothing_there_is_nothing() {
        assert_eq!(of(0, 0, 0), Ok(0));
        assert_eq!(of(5, 0, 0), Ok(0));
        assert_eq!(of(2, u64::MAX, 1), Err(Error::MathOverflow));
    }
}
