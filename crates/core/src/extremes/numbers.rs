//! The plain arithmetic over all of its range: no product that fits is refused, and nothing wraps.

use crate::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use crate::error::Error;
use crate::fee::{fee_ceil, settlement, share_floor};
use crate::price::{amount_ceil, exposure_ceil, stake_value_floor};
use crate::reward::RewardIndex;
use crate::stake_pool::Pool;
use crate::testing::{Dice, proptest_config};
use proptest::prelude::*;

/// The least amount of the bits drawn, or one next to it.
fn edge(dice: &mut Dice) -> u64 {
    match dice.below(4) {
        0 => u64::MAX,
        1 => u64::MAX - dice.below(3),
        _ => dice.amount(64),
    }
}

fn fits(exact: u128) -> Result<u64, Error> {
    u64::try_from(exact).map_err(|_| Error::MathOverflow)
}

proptest! {
    #![proptest_config(proptest_config(5_000))]

    #[test]
    fn a_rate_of_anything_is_exact_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (a, b) = (edge(dice), edge(dice));
        let product = u128::from(a) * u128::from(b);
        prop_assert_eq!(amount_ceil(Units::new(a), UnitPrice::new(b)).map(Payment::get), fits(product.div_ceil(1_000_000)));
        let rate = StakePerMillion::new(b);
        prop_assert_eq!(exposure_ceil(Payment::new(a), rate).map(Stake::get), fits(product.div_ceil(1_000_000)));
        prop_assert_eq!(stake_value_floor(Payment::new(a), rate).map(Stake::get), fits(product / 1_000_000));
    }

    #[test]
    fn parts_and_settlements_always_fit(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (a, b) = (edge(dice), edge(dice));
        let bps = Bps::new(u16::try_from(dice.within(0, 10_000)).unwrap()).unwrap();
        let exact = u128::from(a) * u128::from(bps.get());
        prop_assert_eq!(fee_ceil(Payment::new(a), bps).map(|fee| u128::from(fee.get())), Ok(exact.div_ceil(10_000)));
        prop_assert_eq!(share_floor(Payment::new(a), bps).map(|part| u128::from(part.get())), Ok(exact / 10_000));
        match settlement(Payment::new(a), Payment::new(b), bps) {
            Ok(step) => prop_assert!(b > a && step.gross.get() == b - a && step.fee.get() + step.net.get() == b - a),
            Err(error) => prop_assert!(b <= a && error == Error::NothingToSettle),
        }
    }

    /// Where no more was claimed than fits, no index overflows, and no position's part of it does.
    #[test]
    fn an_index_grows_over_all_that_can_be_claimed(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (mut index, mut claimed) = (RewardIndex::ZERO, 0u64);
        let mut active = 1_000_000;
        for _ in 0..6 {
            let amount = edge(dice).min(u64::MAX - claimed);
            active = 1_000_000 + (u128::from(dice.amount(64)) << dice.below(21));
            index = index.grow_floor(Payment::new(amount), Shares::new(active)).unwrap();
            claimed += amount;
        }
        // Whoever holds as many shares as the last claim was shared among: that part at least is exact.
        let last = index.earned_floor(index, Shares::new(active)).unwrap();
        prop_assert_eq!(last, Payment::ZERO);
        let few = index.earned_floor(RewardIndex::ZERO, Shares::new(1_000_000)).unwrap();
        prop_assert!(few.get() <= claimed);
    }

    /// Whatever is asked of whatever pool, even one that no deposit makes.
    #[test]
    fn no_pool_panics(seed: u64) {
        let dice = &mut Dice::new(seed);
        let wide = |dice: &mut Dice| u128::from(edge(dice)) << dice.below(64);
        let pool = Pool {
            total_stake: Stake::new(edge(dice)),
            total_shares: Shares::new(wide(dice)),
            unbonding_shares: Shares::new(wide(dice)),
        };
        let (stake, shares) = (Stake::new(edge(dice)), Shares::new(wide(dice)));
        let after = [
            pool.deposit(stake).map(|out| out.pool),
            pool.withdraw(shares).map(|out| out.pool),
            pool.request_unstake(shares),
            pool.cancel_unstake(shares),
        ];
        for after in after.into_iter().flatten() {
            prop_assert!(pool.invariant().is_err() || after.invariant().is_ok());
        }
        let _named = (pool.burn(stake, shares), pool.lose(stake), pool.shares_ceil(stake), pool.active_value());
        if let Ok(value) = pool.value_floor(shares) {
            prop_assert!(value <= pool.total_stake);
        }
    }
}
