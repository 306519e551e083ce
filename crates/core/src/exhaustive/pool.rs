//! Every small pool: nobody gains by coming and going, and no part of it exceeds the whole.

use super::pools;
use crate::amount::{Shares, Stake};
use crate::error::Error;

#[test]
fn in_and_out_never_gains() {
    for pool in pools() {
        for amount in (0..16).map(Stake::new) {
            let Ok(deposit) = pool.deposit(amount) else {
                let broken = pool.total_stake.is_zero() && !pool.total_shares.is_zero();
                let nothing = amount.get() * u64::try_from(pool.total_shares.get()).unwrap() < pool.total_stake.get();
                assert!(amount.is_zero() || broken || nothing, "{pool:?} {amount}");
                continue;
            };
            deposit.pool.invariant().unwrap();
            let leaving = deposit.pool.request_unstake(deposit.shares).unwrap();
            let out = leaving.withdraw(deposit.shares).unwrap();
            assert!(out.amount <= amount && out.pool.total_stake >= pool.total_stake);
        }
    }
}

#[test]
fn parts_of_a_pool_never_exceed_it() {
    for pool in pools() {
        let total = pool.total_shares.get();
        for part in 0..=total {
            let value = |shares| pool.value_floor(Shares::new(shares)).unwrap().get();
            assert!(value(part) + value(total - part) <= pool.total_stake.get());
        }
        assert_eq!(pool.value_floor(Shares::new(total + 1)), Err(Error::InsufficientShares));
        assert!(pool.active_value().unwrap() <= pool.total_stake);
    }
}

#[test]
fn the_fewest_shares_are_enough_and_one_less_is_not() {
    for pool in pools().filter(|pool| !pool.total_stake.is_zero()) {
        let (stake, total) = (u128::from(pool.total_stake.get()), pool.total_shares.get());
        for amount in 0..=stake {
            let shares = pool.shares_ceil(Stake::new(u64::try_from(amount).unwrap())).unwrap().get();
            assert!(shares * stake >= amount * total && (shares == 0 || (shares - 1) * stake < amount * total));
            assert!(shares <= total);
        }
    }
}

/// A share begins as one base unit and is never worth more: what rounding can take from whoever moves is
/// therefore less than one base unit a step, and nobody can make it more.
#[test]
fn a_share_is_never_worth_more_than_a_unit() {
    let cheap = |pool: &crate::stake_pool::Pool| u128::from(pool.total_stake.get()) <= pool.total_shares.get();
    for pool in pools().filter(cheap) {
        for shares in (1..=pool.unbonding_shares.get()).map(Shares::new) {
            assert!(cheap(&pool.withdraw(shares).unwrap().pool));
        }
        for amount in (1..16).map(Stake::new) {
            if let Ok(deposit) = pool.deposit(amount) {
                assert!(cheap(&deposit.pool) && u128::from(amount.get()) <= deposit.shares.get());
            }
        }
    }
}
