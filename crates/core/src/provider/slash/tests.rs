//! Who loses what to a lost dispute, to the base unit.

use super::*;
use crate::amount::Payment;
use crate::position::Ticket;
use crate::reward::RewardIndex;
use crate::stake_pool::Pool;
use crate::testing::{local_params, proptest_config, staked};
use proptest::prelude::*;

const HALF: Bps = match Bps::new(5_000) {
    Some(half) => half,
    None => Bps::ZERO,
};

/// The provider with a lease that exposes so much.
fn exposed(provider: &Provider, exposure: u64) -> Provider {
    let exposed = Provider { exposure: Stake::new(exposure), open_leases: 1, ..*provider };
    exposed.invariant().unwrap();
    exposed
}

fn slash(provider: &Provider, owner: &Position, exposure: u64, most: Bps) -> Slashed {
    provider.slash(owner, Stake::new(exposure), most, 500).unwrap()
}

#[test]
fn the_owner_pays_first() {
    let (provider, owner, _) = staked(1_000, 3_000);
    let provider = exposed(&provider, 700);
    let out = slash(&provider, &owner, 700, HALF);
    assert_eq!((out.from_own, out.from_pool, out.taken()), (Stake::new(700), Stake::ZERO, Ok(Stake::new(700))));
    assert_eq!((out.burned_shares, out.owner.shares), (Shares::new(700), Shares::new(300)));
    assert_eq!(out.provider.own_shares, Shares::new(300));
    assert_eq!(out.provider.pool.value_floor(Shares::new(3_000)), Ok(Stake::new(3_000)));
}

#[test]
fn then_everyone_pays_alike_and_tickets_too() {
    let (provider, owner, other) = staked(1_000, 3_000);
    let leaving = provider.request_unstake(&other, Shares::new(1_000), false, 0, &local_params()).unwrap();
    let provider = exposed(&leaving.provider, 1_600);
    let out = slash(&provider, &owner, 1_600, HALF);
    assert_eq!((out.from_own, out.from_pool), (Stake::new(1_000), Stake::new(600)));
    assert_eq!((out.owner.shares, out.provider.own_shares), (Shares::ZERO, Shares::ZERO));
    let pool = out.provider.pool;
    assert_eq!((pool.total_stake, pool.total_shares), (Stake::new(2_400), Shares::new(3_000)));
    assert_eq!(pool.value_floor(Shares::new(1_000)), Ok(Stake::new(800)));
    let paid = out.provider.free(Stake::ZERO).unwrap().withdraw_stake(&leaving.position, 0, 200).unwrap();
    assert_eq!(paid.amount, Stake::new(800));
}

#[test]
fn the_owners_tickets_pay_with_the_pool_only() {
    let (provider, owner, _) = staked(1_000, 1_000);
    let leaving = provider.request_unstake(&owner, Shares::new(900), true, 0, &local_params()).unwrap();
    let out = slash(&exposed(&leaving.provider, 480), &leaving.position, 480, HALF);
    assert_eq!((out.from_own, out.from_pool), (Stake::new(100), Stake::new(380)));
    assert_eq!(out.owner.all_shares(), Ok(Shares::new(900)));
    assert_eq!(out.provider.pool.value_floor(Shares::new(900)), Ok(Stake::new(720)));
}

#[test]
fn never_more_than_the_exposure_nor_than_the_largest_part() {
    let (provider, owner, _) = staked(1_000, 3_001);
    let provider = exposed(&provider, 4_001);
    assert_eq!(slash(&provider, &owner, 2_000, HALF).taken(), Ok(Stake::new(2_000)));
    // Half of 4,001, rounded down.
    assert_eq!(slash(&provider, &owner, 4_001, HALF).taken(), Ok(Stake::new(2_000)));
    assert_eq!(slash(&provider, &owner, 4_001, Bps::new(1).unwrap()).taken(), Ok(Stake::ZERO));
    assert_eq!(slash(&provider, &owner, 4_001, Bps::ONE).taken(), Ok(Stake::new(4_001)));
    assert_eq!(slash(&provider, &owner, 0, HALF).burned_shares, Shares::ZERO);
}

#[test]
fn all_the_exposure_is_freed_though_less_is_taken() {
    let (provider, owner, _) = staked(1_000, 1_000);
    let provider = exposed(&provider, 2_000);
    let out = slash(&provider, &owner, 1_500, HALF);
    assert_eq!((out.taken(), out.provider.exposure), (Ok(Stake::new(1_000)), Stake::new(500)));
    assert_eq!(out.provider.open_leases, 1);
    let beyond = provider.slash(&owner, Stake::new(2_001), HALF, 500);
    assert_eq!(beyond, Err(Error::MathOverflow));
}

#[test]
fn it_jails_and_never_shortens_a_sentence() {
    let (provider, owner, _) = staked(1_000, 1);
    for (before, after) in [(499, 500), (500, 500), (501, 501)] {
        let provider = Provider { jailed_until: before, status: ProviderStatus::Draining, ..provider };
        let out = slash(&provider, &owner, 0, HALF).provider;
        assert_eq!((out.status, out.jailed_until), (ProviderStatus::Jailed, after));
    }
}

#[test]
fn another_position_than_the_owners_is_refused() {
    let (provider, owner, other) = staked(1_000, 3_000);
    for wrong in [&other, &Position::default()] {
        assert_eq!(provider.slash(wrong, Stake::ZERO, HALF, 1), Err(Error::WrongAccount));
    }
    // An owner that left has no position, and is none the less jailed.
    let left = Provider { own_shares: Shares::ZERO, ..provider };
    let out = slash(&exposed(&left, 100), &Position::default(), 100, HALF);
    assert_eq!((out.from_own, out.from_pool, out.owner), (Stake::ZERO, Stake::new(100), Position::default()));
    assert_eq!(owner.shares, provider.own_shares);
}

#[test]
fn the_owner_keeps_what_its_shares_earned_until_then() {
    let (provider, owner, _) = staked(1_000_000, 1_000_000);
    let claimed = provider.claim_reward(Payment::new(1 << 20), 0).unwrap();
    let out = slash(&exposed(&claimed.provider, 1_000_000), &owner, 1_000_000, HALF);
    assert_eq!(out.owner.shares, Shares::ZERO);
    assert_eq!(out.owner.owed, Payment::new((1 << 19) - 1));
    assert_eq!(out.owner.entry, claimed.provider.reward_index);
    assert_ne!(out.owner.entry, RewardIndex::ZERO);
}

#[test]
fn shares_worth_nothing_burn_without_a_trace() {
    // Three shares for one base unit: two of the owner, one of another.
    let pool = Pool { total_stake: Stake::new(1), total_shares: Shares::new(3), unbonding_shares: Shares::ZERO };
    let provider = Provider { pool, own_shares: Shares::new(2), ..Provider::default() };
    let owner = Position { shares: Shares::new(2), ..Position::default() };
    let out = slash(&exposed(&provider, 1), &owner, 1, Bps::ONE);
    assert_eq!((out.from_own, out.from_pool), (Stake::ZERO, Stake::new(1)));
    assert_eq!(out.provider.pool.total_shares, Shares::new(1));
    assert_eq!(out.provider.invariant(), Ok(()));
}

/// `a × b` against `c × d`, in 256 bits.
fn wide(a: u128, b: u128) -> (u128, u128) {
    let (low, high) = (|x: u128| x & u128::from(u64::MAX), |x: u128| x >> 64);
    let (cross, top) = (low(a) * high(b) + high(low(a) * low(b)), high(a) * high(b));
    let middle = high(a) * low(b) + low(cross);
    (top + high(cross) + high(middle), (middle << 64) | low(low(a) * low(b)))
}

proptest! {
    #![proptest_config(proptest_config(2_000))]

    /// Whatever the pool, up to 2^64 base units and 10^6 shares each: the slash succeeds, takes what it
    /// says, and the burning of own shares never costs anyone else.
    #[test]
    fn no_pool_traps_a_slash(
        bits in 1u32..=64, stake: u64, per_unit in 1u128..=1_000_000, more: u128, own: u128, out: u128,
        exposure: u64, others: u64, most in 0u16..=10_000, tickets in prop::collection::vec(1u128..1 << 80, 0..3),
    ) {
        let stake = stake >> (64 - bits);
        let total = u128::from(stake) * per_unit + more % (u128::from(stake) + 1) + 1;
        let own = own % (total + 1);
        let unbonding = out % (total - own + 1);
        let pool = Pool {
            total_stake: Stake::new(stake), total_shares: Shares::new(total), unbonding_shares: Shares::new(unbonding),
        };
        let exposure = exposure.min(stake);
        let held = exposure + others % (stake - exposure + 1).max(1);
        let provider = Provider {
            pool, own_shares: Shares::new(own), exposure: Stake::new(held), open_leases: 2, ..Provider::default()
        };
        let tickets = tickets.into_iter().map(|shares| Ticket { shares: Shares::new(shares), unlock_ts: 0 }).collect();
        let owner = Position { shares: Shares::new(own), tickets, ..Position::default() };
        let after = provider.slash(&owner, Stake::new(exposure), Bps::new(most).unwrap(), 9);
        let after = after.map_err(|error| TestCaseError::fail(error.name()))?;
        let taken = after.taken().unwrap().get();
        let limit = u128::from(stake) * u128::from(most) / 10_000;
        prop_assert_eq!(u128::from(taken), u128::from(exposure).min(limit));
        let value = provider.own_stake().unwrap().get();
        prop_assert_eq!(after.from_own.get(), taken.min(value));
        prop_assert_eq!(&after.owner.tickets, &owner.tickets);
        let next = after.provider;
        prop_assert_eq!(next.pool.total_stake.get(), stake - taken);
        prop_assert_eq!(next.pool.total_shares.get(), total - after.burned_shares.get());
        prop_assert_eq!(next.pool.unbonding_shares.get(), unbonding);
        prop_assert_eq!(next.exposure.get(), held - exposure);
        // (stake − own part) / (shares − burned) ≥ stake / shares.
        let left = u128::from(stake - after.from_own.get());
        prop_assert!(wide(left, total) >= wide(u128::from(stake), total - after.burned_shares.get()));
    }
}
