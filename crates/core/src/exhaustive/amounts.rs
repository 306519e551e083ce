//! Fees and shares of every small amount.

use super::{payments, rates};
use crate::amount::{Stake, StakePerMillion, UnitPrice, Units};
use crate::fee::{fee_ceil, settlement, share_floor, stake_share_ceil, stake_share_floor};
use crate::price::{amount_ceil, exposure_ceil, stake_value_floor};

#[test]
fn a_fee_is_the_least_that_covers_its_rate() {
    for (amount, rate) in payments().flat_map(|amount| rates().map(move |rate| (amount, rate))) {
        let (fee, share) = (fee_ceil(amount, rate).unwrap(), share_floor(amount, rate).unwrap());
        let exact = amount.get() * u64::from(rate.get());
        assert!(fee.get() * 10_000 >= exact && (fee.is_zero() || (fee.get() - 1) * 10_000 < exact));
        assert!(share.get() * 10_000 <= exact && (share.get() + 1) * 10_000 > exact);
        assert!(share <= fee && fee <= amount);
    }
}

#[test]
fn a_settlement_in_two_steps_is_one() {
    for rate in rates() {
        for (a, b, c) in payments().flat_map(|a| payments().flat_map(move |b| payments().map(move |c| (a, b, c)))) {
            if a >= b || b >= c {
                continue;
            }
            let (first, second) = (settlement(a, b, rate).unwrap(), settlement(b, c, rate).unwrap());
            let whole = settlement(a, c, rate).unwrap();
            assert_eq!(whole.fee, first.fee.checked_add(second.fee).unwrap());
            assert_eq!(whole.net, first.net.checked_add(second.net).unwrap());
            assert_eq!(whole.gross, whole.fee.checked_add(whole.net).unwrap());
        }
    }
}

#[test]
fn what_a_payment_exposes_covers_what_it_is_worth() {
    for (amount, rate) in payments().flat_map(|amount| (0..16).map(move |rate| (amount, rate * 125_000))) {
        let exact = amount.get() * rate;
        let exposed = exposure_ceil(amount, StakePerMillion::new(rate)).unwrap().get();
        let worth = stake_value_floor(amount, StakePerMillion::new(rate)).unwrap().get();
        assert_eq!(exposed, exact.div_ceil(1_000_000));
        assert_eq!(worth, exact / 1_000_000);
        let price = amount_ceil(Units::new(amount.get()), UnitPrice::new(rate)).unwrap().get();
        assert_eq!(price, exposed);
    }
    for (amount, rate) in payments().flat_map(|amount| rates().map(move |rate| (amount, rate))) {
        let stake = Stake::new(amount.get());
        assert_eq!(stake_share_floor(stake, rate).unwrap().get(), share_floor(amount, rate).unwrap().get());
        assert_eq!(stake_share_ceil(stake, rate).unwrap().get(), fee_ceil(amount, rate).unwrap().get());
    }
}
