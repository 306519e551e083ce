//! A lease that work may run under, and how much of its cap is left.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::price::amount_ceil;

use crate::codec::{get, put};

/// Units of the price: `UnitPrice` is per this many.
const PER: u128 = 1_000_000;

/// A lease of a placed job.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Lease {
    /// The job.
    pub job: Key,
    /// The provider.
    pub provider: Key,
    /// The provider's owner.
    pub owner: Key,
    /// The price per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_price: UnitPrice,
    /// The most it pays.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub cap: Payment,
    /// Until when work may run. Unix seconds.
    pub expires_at: i64,
    /// Units of accepted results.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub used: Units,
    /// Units that running attempts may still claim.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub reserved: Units,
    /// Accepted results.
    pub shards_done: u32,
    /// Whether the chain lets work run under it.
    pub open: bool,
    /// Slots that its provider offered when it was opened.
    pub slots: u16,
}

impl Lease {
    /// Units that neither a result nor a running attempt has taken.
    pub fn room(&self) -> Units {
        let taken = self.used.get().saturating_add(self.reserved.get());
        Units::new(affordable_units(self.cap, self.unit_price).get().saturating_sub(taken))
    }

    /// Units that no result has taken.
    pub fn unused(&self) -> Units {
        Units::new(affordable_units(self.cap, self.unit_price).get().saturating_sub(self.used.get()))
    }

    /// What its accepted results are worth: at most its cap.
    pub fn amount_due(&self) -> Payment {
        amount_ceil(self.used, self.unit_price).map_or(self.cap, |amount| amount.min(self.cap))
    }

    /// Whether an attempt that starts now and takes its full time ends before the lease does.
    pub fn outlasts(&self, now_ms: u64, time_limit_ms: u64) -> bool {
        let ends_ms = now_ms.saturating_add(time_limit_ms);
        u64::try_from(self.expires_at).is_ok_and(|secs| ends_ms <= secs.saturating_mul(1_000))
    }

    /// The last moment at which an attempt may start that takes its full time. Unix milliseconds.
    pub fn last_start_ms(&self, time_limit_ms: u64) -> u64 {
        u64::try_from(self.expires_at).unwrap_or(0).saturating_mul(1_000).saturating_sub(time_limit_ms)
    }

    pub(crate) fn reserve(&mut self, units: Units) {
        self.reserved = Units::new(self.reserved.get().saturating_add(units.get()));
    }

    pub(crate) fn unreserve(&mut self, units: Units) {
        self.reserved = Units::new(self.reserved.get().saturating_sub(units.get()));
    }

    pub(crate) fn accept(&mut self, units: Units) {
        self.used = Units::new(self.used.get().saturating_add(units.get()));
        self.shards_done = self.shards_done.saturating_add(1);
    }
}

/// The most units whose `amount_ceil` is within `cap`: none for a price of zero, which no lease has.
pub fn affordable_units(cap: Payment, price: UnitPrice) -> Units {
    let units = (u128::from(cap.get()) * PER).checked_div(u128::from(price.get())).unwrap_or(0);
    Units::new(u64::try_from(units).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_affordable_at_no_price() {
        assert_eq!(affordable_units(Payment::new(5), UnitPrice::new(0)), Units::new(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default()
        })]
        #[test]
        fn affordable_units_are_the_most_within_the_cap(cap in 0..u64::MAX, price in 1..u64::MAX) {
            let (cap, price) = (Payment::new(cap), UnitPrice::new(price));
            let units = affordable_units(cap, price);
            prop_assert!(amount_ceil(units, price).expect("fits") <= cap);
            if units.get() < u64::MAX {
                let more = amount_ceil(Units::new(units.get() + 1), price);
                prop_assert!(more.is_err() || more.is_ok_and(|amount| amount > cap));
            }
        }
    }
}
