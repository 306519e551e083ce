//! Who may take stake out, and when.

use super::*;
use crate::testing::{local_params, staked};

#[test]
fn only_the_owners_stake_is_own() {
    let (provider, owner, other) = staked(1_000, 500);
    assert_eq!(provider.own_shares, Shares::new(1_000));
    assert_eq!(provider.own_stake(), Ok(Stake::new(1_000)));
    assert_eq!(owner.shares, Shares::new(1_000));
    assert_eq!(other.shares, Shares::new(500));
}

#[test]
fn with_leases_the_owner_keeps_the_minimum() {
    let params = local_params();
    let (provider, owner, other) = staked(1_001, 500);
    let leased = provider.reserve(Stake::new(10), &params).unwrap();
    let two = Shares::new(2);
    let refused = leased.request_unstake(&owner, two, true, 0, &params);
    assert_eq!(refused, Err(Error::OwnStakeBelowMinimum));
    assert!(leased.request_unstake(&owner, Shares::new(1), true, 0, &params).is_ok());
    assert!(leased.request_unstake(&other, two, false, 0, &params).is_ok());
    assert!(provider.request_unstake(&owner, two, true, 0, &params).is_ok());
}

#[test]
fn a_ticket_backs_nothing_but_stays_until_exposure_is_free() {
    let params = local_params();
    let (provider, owner, other) = staked(1_000, 500);
    let leased = provider.reserve(Stake::new(1_400), &params).unwrap();
    assert_eq!(owner.shares, provider.own_shares);
    let out = leased.request_unstake(&other, Shares::new(500), false, 0, &params).unwrap();
    let more = out.provider.reserve(Stake::new(1), &params);
    assert_eq!(more, Err(Error::ExposureExceedsStake));
    let early = out.provider.withdraw_stake(&out.position, 0, 199);
    assert_eq!(early, Err(Error::TicketLocked));
    let held = out.provider.withdraw_stake(&out.position, 0, 200);
    assert_eq!(held, Err(Error::ExposureExceedsStake));
    let free = out.provider.free(Stake::new(1_400)).unwrap();
    let paid = free.withdraw_stake(&out.position, 0, 200).unwrap();
    assert_eq!(paid.amount, Stake::new(500));
    assert!(paid.position.is_empty());
}

#[test]
fn a_lease_needs_an_active_provider_with_own_stake() {
    let params = local_params();
    let (provider, ..) = staked(999, 5_000);
    assert_eq!(provider.reserve(Stake::new(1), &params), Err(Error::StakeBelowMinimum));
    let (provider, ..) = staked(1_000, 1);
    for status in [ProviderStatus::Draining, ProviderStatus::Jailed] {
        let closed = Provider { status, ..provider };
        assert_eq!(closed.reserve(Stake::new(1), &params), Err(Error::ProviderNotActive));
        assert_eq!(ProviderStatus::try_from(status.as_u8()), Ok(status));
    }
    assert_eq!(provider.reserve(Stake::new(1_002), &params), Err(Error::ExposureExceedsStake));
    assert_eq!(ProviderStatus::try_from(3), Err(Error::InvariantBroken));
}

#[test]
fn the_invariant_sees_broken_books() {
    let (provider, ..) = staked(1_000, 500);
    let broken = [
        Provider { exposure: Stake::new(1_501), open_leases: 1, ..provider },
        Provider { exposure: Stake::new(1), ..provider },
        Provider { commission: Commission { from: 1, ..provider.commission }, ..provider },
        Provider { own_shares: Shares::new(1_501), ..provider },
    ];
    assert_eq!(provider.invariant(), Ok(()));
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken));
    }
    assert_eq!(provider.free(Stake::ZERO), Err(Error::InvariantBroken));
}

#[test]
fn a_cancelled_ticket_counts_again() {
    let params = local_params();
    let (provider, owner, other) = staked(1_000, 500);
    for (position, by_owner, own) in [(&owner, true, 999), (&other, false, 1_000)] {
        let leaving = provider.request_unstake(position, Shares::new(1), by_owner, 0, &params).unwrap();
        assert_eq!(leaving.provider.own_shares, Shares::new(own));
        assert_eq!(leaving.provider.pool.unbonding_shares, Shares::new(1));
        let none = leaving.provider.cancel_unstake(&leaving.position, 1, by_owner);
        assert_eq!(none, Err(Error::NoSuchTicket));
        let back = leaving.provider.cancel_unstake(&leaving.position, 0, by_owner).unwrap();
        assert_eq!((back.provider, &back.position, back.ticket), (provider, position, leaving.ticket));
    }
}

#[test]
fn a_jailed_provider_waits() {
    let params = local_params();
    let (provider, ..) = staked(1_000, 500);
    let jailed = Provider { status: ProviderStatus::Jailed, jailed_until: 50, ..provider };
    let update = |draining| ProviderUpdate { draining: Some(draining), commission: None };
    for draining in [true, false] {
        let status = if draining { ProviderStatus::Draining } else { ProviderStatus::Active };
        assert_eq!(jailed.update(&update(draining), 49, &params), Err(Error::ProviderJailed));
        assert_eq!(jailed.update(&update(draining), 50, &params).unwrap().status, status);
        assert_eq!(provider.update(&update(draining), 0, &params).unwrap().status, status);
    }
    // Time alone frees nobody, and jail leaves the commission to the owner.
    let rate = ProviderUpdate { draining: None, commission: Bps::new(7) };
    let updated = jailed.update(&rate, 49, &params).unwrap();
    assert_eq!((updated.status, updated.commission.next), (ProviderStatus::Jailed, Bps::new(7).unwrap()));
    assert_eq!(updated.commission.from, 49 + 200);
    assert_eq!(jailed.update(&rate, i64::MAX, &params), Err(Error::MathOverflow));
}

#[test]
fn a_registration_begins_with_nothing() {
    let rate = Bps::new(300).unwrap();
    let provider = Provider::register(rate);
    assert_eq!(provider, Provider { commission: Commission::fixed(rate), ..Provider::default() });
    assert_eq!((provider.invariant(), provider.own_stake()), (Ok(()), Ok(Stake::ZERO)));
    assert_eq!(provider.reserve(Stake::ZERO, &local_params()), Err(Error::StakeBelowMinimum));
}

#[test]
fn tickets_that_mature_are_paid_only_above_the_exposure() {
    let params = local_params();
    let (provider, _, other) = staked(1_000, 500);
    let leased = provider.reserve(Stake::new(1_000), &params).unwrap();
    let leaving = leased.request_unstake(&other, Shares::new(500), false, 0, &params).unwrap();
    let exact = leaving.provider.withdraw_stake(&leaving.position, 0, 200).unwrap();
    assert_eq!((exact.amount, exact.provider.pool.total_stake), (Stake::new(500), Stake::new(1_000)));
    let more = Provider { exposure: Stake::new(1_001), ..leaving.provider };
    assert_eq!(more.withdraw_stake(&leaving.position, 0, 200), Err(Error::ExposureExceedsStake));
}
