//! The pool's maths: exact at the edges, and never in favour of whoever moves.

use super::*;
use crate::testing::proptest_config;
use proptest::prelude::*;

fn pool(stake: u64, shares: u128, unbonding: u128) -> Pool {
    Pool { total_stake: Stake::new(stake), total_shares: Shares::new(shares), unbonding_shares: Shares::new(unbonding) }
}

#[test]
fn the_first_deposit_is_one_to_one() {
    let first = Pool::default().deposit(Stake::new(5)).unwrap();
    assert_eq!(first.shares, Shares::new(5));
    assert_eq!(first.pool, pool(5, 5, 0));
}

#[test]
fn refuses_broken_and_diluted_pools() {
    let one = Stake::new(1);
    assert_eq!(pool(0, 1, 0).deposit(one), Err(Error::StakePoolBroken));
    assert_eq!(pool(1, 1_000_001, 0).deposit(one), Err(Error::StakeRatioTooHigh));
    assert_eq!(pool(2, 2_000_001, 0).deposit(one), Err(Error::StakeRatioTooHigh));
    assert_eq!(pool(1, 1_000_000, 0).deposit(one).unwrap().shares, Shares::new(1_000_000));
    assert_eq!(pool(3, 1, 0).deposit(one), Err(Error::AmountZero));
    assert_eq!(pool(1, 1, 0).deposit(Stake::ZERO), Err(Error::AmountZero));
    assert_eq!(pool(0, 1, 0).deposit(Stake::ZERO), Err(Error::AmountZero));
    assert_eq!(pool(u64::MAX, 9, 0).deposit(Stake::MAX), Err(Error::MathOverflow));
}

#[test]
fn only_active_shares_unbond_and_only_unbonding_ones_leave() {
    let pool = pool(100, 100, 40);
    assert_eq!(pool.request_unstake(Shares::new(61)), Err(Error::InsufficientShares));
    assert_eq!(pool.request_unstake(Shares::ZERO), Err(Error::AmountZero));
    assert_eq!(pool.request_unstake(Shares::new(60)).unwrap().active_value(), Ok(Stake::ZERO));
    assert_eq!(pool.withdraw(Shares::new(41)), Err(Error::InsufficientShares));
    assert_eq!(pool.withdraw(Shares::ZERO), Err(Error::AmountZero));
    assert_eq!(pool.withdraw(Shares::new(40)).unwrap().amount, Stake::new(40));
    assert_eq!(pool.value_floor(Shares::new(101)), Err(Error::InsufficientShares));
}

/// A share is worth 3⅓.
#[test]
fn what_leaves_and_what_is_active_are_rounded_down() {
    let uneven = pool(10, 3, 1);
    assert_eq!(uneven.active_value(), Ok(Stake::new(6)));
    assert_eq!(uneven.withdraw(Shares::new(1)).unwrap().amount, Stake::new(3));
}

#[test]
fn the_last_share_takes_all() {
    let out = pool(7, 3, 3).withdraw(Shares::new(3)).unwrap();
    assert_eq!((out.amount, out.pool), (Stake::new(7), Pool::default()));
}

#[test]
fn the_widest_pool_pays_out() {
    // 2^64 base units at 10^6 shares each: the product needs 148 bits.
    let shares = u128::from(u64::MAX) * 1_000_000;
    let wide = pool(u64::MAX, shares, shares - 1_000_000);
    let out = wide.withdraw(wide.unbonding_shares).unwrap();
    assert_eq!(out.amount, Stake::new(u64::MAX - 1));
    assert_eq!(out.pool, pool(1, 1_000_000, 0));
}

#[test]
fn the_invariant_sees_broken_books() {
    assert_eq!(pool(5, 5, 5).invariant(), Ok(()));
    assert_eq!(pool(5, 5, 6).invariant(), Err(Error::InvariantBroken));
    assert_eq!(pool(1, 0, 0).invariant(), Err(Error::InvariantBroken));
}

#[test]
fn the_fewest_shares_that_cover_an_amount() {
    let shares = |pool: Pool, amount| pool.shares_ceil(Stake::new(amount)).map(|shares| shares.get());
    assert_eq!((shares(pool(3, 7, 0), 1), shares(pool(3, 7, 0), 2), shares(pool(3, 7, 0), 3)), (Ok(3), Ok(5), Ok(7)));
    assert_eq!((shares(pool(3, 7, 0), 0), shares(pool(0, 7, 0), 9)), (Ok(0), Ok(0)));
    let widest = pool(1, u128::from(u64::MAX) * 1_000_000, 0);
    assert_eq!(shares(widest, 1), Ok(widest.total_shares.get()));
    assert_eq!(shares(pool(1, u128::MAX, 0), 2), Err(Error::MathOverflow));
}

#[test]
fn cancelling_and_losing_move_nothing_else() {
    let before = pool(100, 90, 40);
    assert_eq!(before.cancel_unstake(Shares::new(41)), Err(Error::InsufficientShares));
    assert_eq!(before.cancel_unstake(Shares::new(40)), Ok(pool(100, 90, 0)));
    assert_eq!(before.lose(Stake::new(100)), Ok(pool(0, 90, 40)));
    assert_eq!(before.lose(Stake::new(101)), Err(Error::MathOverflow));
    assert_eq!(before.burn(Stake::new(60), Shares::new(50)), Ok(pool(40, 40, 40)));
    assert_eq!(before.burn(Stake::new(1), Shares::new(91)), Err(Error::MathOverflow));
}

/// `a × b` as (high, low) 128-bit halves.
fn wide_mul(a: u128, b: u64) -> (u128, u128) {
    let mask = u128::from(u64::MAX);
    let low = (a & mask) * u128::from(b);
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high >> 64, (high << 64) | (low & mask))
}

proptest! {
    #![proptest_config(proptest_config(3_000))]

    /// `quotient × whole ≤ part × value < (quotient + 1) × whole`, in 192 bits.
    #[test]
    fn the_proportion_is_exact(whole in 2u128..(1 << 100), value: u64, seed: u128) {
        let part = seed % whole;
        let quotient = proportion_floor(part, value, whole).unwrap();
        prop_assert!(wide_mul(whole, quotient) <= wide_mul(part, value));
        if let Some(next) = quotient.checked_add(1) {
            prop_assert!(wide_mul(whole, next) > wide_mul(part, value));
        }
    }

    /// In and straight out again never gains, and those who stay never lose.
    #[test]
    fn a_round_trip_never_gains(
        stake in 1u64..1 << 50, per_unit in 0u128..1_000_000, extra in 1u128..1 << 40, amount in 1u64..1 << 50,
    ) {
        let before = pool(stake, u128::from(stake) * per_unit + extra.min(u128::from(stake)), 0);
        let Ok(deposit) = before.deposit(Stake::new(amount)) else { return Ok(()) };
        let out = deposit.pool.request_unstake(deposit.shares).unwrap().withdraw(deposit.shares).unwrap();
        prop_assert!(out.amount.get() <= amount);
        prop_assert!(out.pool.total_stake >= before.total_stake);
        prop_assert_eq!(out.pool.total_shares, before.total_shares);
    }

    /// However a pool is left, the parts sum to the whole.
    #[test]
    fn everyone_out_leaves_nothing(deposits in prop::collection::vec(1u64..1 << 40, 1..8)) {
        let (mut pool, mut shares, mut paid) = (Pool::default(), std::vec::Vec::new(), 0u64);
        for amount in &deposits {
            let deposit = pool.deposit(Stake::new(*amount)).unwrap();
            pool = deposit.pool;
            shares.push(deposit.shares);
        }
        for part in shares {
            let out = pool.request_unstake(part).unwrap().withdraw(part).unwrap();
            pool = out.pool;
            paid += out.amount.get();
        }
        prop_assert_eq!(pool, Pool::default());
        prop_assert_eq!(paid, deposits.iter().sum::<u64>());
    }
}
