//! Every slash of every small pool that can be: a share is never worth more than a base unit, as
//! [`super::pool`] shows of deposits and withdrawals, and the last test here of slashes.

use super::pools;
use crate::amount::{Bps, Shares, Stake};
use crate::position::Position;
use crate::provider::{Provider, ProviderStatus, Slashed};
use crate::stake_pool::Pool;

/// With none, with little, with half, and with all of the pool at stake.
const MOST: [u16; 4] = [0, 2_500, 5_000, 10_000];

fn cheap(pool: &Pool) -> bool {
    u128::from(pool.total_stake.get()) <= pool.total_shares.get()
}

/// Calls with each pool, each part of its active shares that could be the owner's, each exposure that
/// the pool covers and each largest part.
fn every_slash(mut check: impl FnMut(&Provider, &Position, Stake, Bps)) {
    for pool in pools().filter(cheap) {
        for own in (0..=pool.active_shares().unwrap().get()).map(Shares::new) {
            let owner = Position { shares: own, ..Position::default() };
            for exposure in (0..=pool.total_stake.get()).map(Stake::new) {
                let provider = Provider { pool, own_shares: own, exposure, open_leases: 1, ..Provider::default() };
                for most in MOST {
                    check(&provider, &owner, exposure, Bps::new(most).unwrap());
                }
            }
        }
    }
}

fn slash(provider: &Provider, owner: &Position, exposure: Stake, most: Bps) -> Slashed {
    provider.slash(owner, exposure, most, 9).unwrap()
}

#[test]
fn a_slash_takes_own_stake_first_and_never_too_much() {
    every_slash(|provider, owner, exposure, most| {
        let out = slash(provider, owner, exposure, most);
        let (pool, after) = (provider.pool, out.provider);
        let limit = exposure.get().min(pool.total_stake.get() * u64::from(most.get()) / 10_000);
        let own = provider.own_stake().unwrap().get();
        assert_eq!((out.from_own.get(), out.from_pool.get()), (limit.min(own), limit - limit.min(own)));
        assert_eq!(after.pool.total_stake.get(), pool.total_stake.get() - limit);
        assert_eq!(after.pool.unbonding_shares, pool.unbonding_shares);
        assert_eq!((after.exposure, after.status), (Stake::ZERO, ProviderStatus::Jailed));
        assert_eq!((after.own_shares, after.invariant()), (out.owner.shares, Ok(())));
        // What other leases expose stays covered, whatever they are.
        let rest = pool.total_stake.checked_sub(exposure).unwrap();
        assert!(after.pool.total_stake >= rest);
    });
}

#[test]
fn burning_own_shares_costs_nobody_else() {
    every_slash(|provider, owner, exposure, most| {
        let out = slash(provider, owner, exposure, most);
        let (stake, shares) = (u128::from(provider.pool.total_stake.get()), provider.pool.total_shares.get());
        let (own, burned) = (u128::from(out.from_own.get()), out.burned_shares.get());
        // The value of a share that is left, before the pool's part is taken.
        assert!((stake - own) * shares >= stake * (shares - burned));
        // No more shares burn than that takes, except when the owner's last ones go.
        let all = burned == provider.own_shares.get();
        assert!(all || burned == 0 || (stake - own) * shares < stake * (shares - burned + 1));
        assert_eq!(out.owner.shares.get() + burned, owner.shares.get());
    });
}

#[test]
fn what_the_pool_loses_is_lost_by_all_alike() {
    every_slash(|provider, owner, exposure, most| {
        let out = slash(provider, owner, exposure, most);
        let others = provider.pool.total_shares.get() - provider.own_shares.get();
        let value = |pool: &Pool, shares| u128::from(pool.value_floor(Shares::new(shares)).unwrap().get());
        let lost = value(&provider.pool, others).saturating_sub(value(&out.provider.pool, others));
        assert!(lost <= u128::from(out.from_pool.get()) + 1);
        if out.from_pool.is_zero() {
            assert_eq!(lost, 0);
        }
        // Half of the shares of others lose no more than half of it, to the rounding.
        let half = others / 2;
        let part = value(&provider.pool, half).saturating_sub(value(&out.provider.pool, half));
        assert!(part * 2 <= u128::from(out.from_pool.get()) + 2);
    });
}

#[test]
fn a_slash_keeps_a_share_at_no_more_than_a_unit() {
    every_slash(|provider, owner, exposure, most| {
        assert!(cheap(&slash(provider, owner, exposure, most).provider.pool));
    });
}
