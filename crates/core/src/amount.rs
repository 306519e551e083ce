//! Newtypes for everything that is counted, so that money, stake, units and rates cannot be mixed.
//!
//! Arithmetic is checked and refuses with [`Error::MathOverflow`]; nothing wraps or saturates.

use crate::error::{Error, Result};
use core::fmt;

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// None at all.
            pub const ZERO: Self = Self(0);
            /// The largest that can be represented.
            pub const MAX: Self = Self(<$inner>::MAX);

            /// Wraps the bare number.
            pub const fn new(value: $inner) -> Self {
                Self(value)
            }

            /// The bare number.
            pub const fn get(self) -> $inner {
                self.0
            }

            /// Whether it is zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum, or [`Error::MathOverflow`].
            pub fn checked_add(self, other: Self) -> Result<Self> {
                self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
            }

            /// The difference, or [`Error::MathOverflow`] if it were negative.
            pub fn checked_sub(self, other: Self) -> Result<Self> {
                self.0.checked_sub(other.0).map(Self).ok_or(Error::MathOverflow)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

amount!(
    /// Base units of the payment mint.
    Payment, u64
);
amount!(
    /// Base units of the stake mint.
    Stake, u64
);
amount!(
    /// Metered units of a job's unit kind.
    Units, u64
);
amount!(
    /// Payment base units per 1,000,000 units.
    UnitPrice, u64
);
amount!(
    /// Stake base units per 1,000,000 payment base units: how much stake a lease's cap exposes.
    StakePerMillion, u64
);
amount!(
    /// Shares of one provider's stake pool.
    Shares, u128
);

/// A rate of 10,000, at most 10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bps(u16);

impl Bps {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(Self::DENOMINATOR);
    /// What the rate is of.
    pub const DENOMINATOR: u16 = 10_000;

    /// The rate, or `None` above 10,000.
    pub const fn new(value: u16) -> Option<Self> {
        if value <= Self::DENOMINATOR { Some(Self(value)) } else { None }
    }

    /// The bare number, of 10,000.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Bps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_checked() {
        assert_eq!(Payment::new(2).checked_add(Payment::new(3)), Ok(Payment::new(5)));
        assert_eq!(Payment::MAX.checked_add(Payment::new(1)), Err(Error::MathOverflow));
        assert_eq!(Stake::ZERO.checked_sub(Stake::new(1)), Err(Error::MathOverflow));
    }

    #[test]
    fn a_rate_is_at_most_the_whole() {
        assert_eq!(Bps::new(10_000), Some(Bps::ONE));
        assert_eq!(Bps::new(10_001), None);
    }
}
