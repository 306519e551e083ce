//! How a claim is split, and what a position takes out.

use super::*;
use crate::amount::{Bps, Shares, Stake};
use crate::commission::Commission;
use crate::position::{Position, Ticket};
use crate::provider::{Provider, ProviderUpdate};
use crate::testing::{local_params, proptest_config, staked};
use proptest::prelude::*;

fn with_commission(provider: Provider, rate: u16) -> Provider {
    Provider { commission: Commission::fixed(Bps::new(rate).unwrap()), ..provider }
}

fn claim(provider: &Provider, lifetime: u64) -> RewardClaimed {
    provider.claim_reward(Payment::new(lifetime), 0).unwrap()
}

#[test]
fn a_claim_pays_the_difference_once() {
    let (provider, ..) = staked(1_000_000, 1_000_000);
    assert_eq!(provider.claim_reward(Payment::ZERO, 0), Err(Error::NothingToClaim));
    let first = claim(&provider, 700);
    assert_eq!((first.amount, first.provider.claimed), (Payment::new(700), Payment::new(700)));
    assert_eq!(first.provider.claim_reward(Payment::new(700), 0), Err(Error::NothingToClaim));
    assert_eq!(first.provider.claim_reward(Payment::new(699), 0), Err(Error::NothingToClaim));
    let second = claim(&first.provider, u64::MAX);
    assert_eq!((second.amount, second.provider.claimed), (Payment::new(u64::MAX - 700), Payment::MAX));
}

#[test]
fn the_commission_is_rounded_down_and_the_rest_is_shared() {
    let (provider, owner, other) = staked(1 << 20, 3 << 20);
    for (rate, commission) in [(0, 0), (1, 409), (3_333, 1_365_196), (9_999, 4_095_590), (10_000, 4_096_000)] {
        let out = claim(&with_commission(provider, rate), 4_096_000);
        assert_eq!((out.owner.get(), out.shared.get()), (commission, 4_096_000 - commission));
        let earned = |position: &Position| out.provider.claim_delegation(position).map(|out| out.amount.get());
        let quarter = out.shared.get() / 4;
        match rate {
            10_000 => assert_eq!(earned(&other), Err(Error::NothingToClaim)),
            _ => {
                // The index is below the exact part by less than a share's 2^-64, so at most one unit goes.
                assert!((quarter - 1..=quarter).contains(&earned(&owner).unwrap()));
                assert!((3 * quarter - 1..=3 * quarter + 3).contains(&earned(&other).unwrap()));
            }
        }
    }
}

#[test]
fn almost_no_stake_earns_nothing() {
    let (provider, owner, other) = staked(500_000, 499_999);
    let out = claim(&provider, 900);
    assert_eq!((out.owner, out.shared), (Payment::new(900), Payment::ZERO));
    assert_eq!(out.provider.reward_index, provider.reward_index);
    assert_eq!(out.provider.claim_delegation(&other), Err(Error::NothingToClaim));
    // One share more, and they earn.
    let more = out.provider.stake(&owner, Stake::new(1), true).unwrap();
    let out = claim(&more.provider, 2_900);
    assert_eq!((out.owner, out.shared), (Payment::ZERO, Payment::new(2_000)));
    assert_eq!(out.provider.claim_delegation(&other).unwrap().amount, Payment::new(999));
    // Shares in tickets do not count.
    let leaving = more.provider.request_unstake(&other, Shares::new(1), false, 0, &local_params()).unwrap();
    assert_eq!(claim(&leaving.provider, 2_900).owner, Payment::new(2_000));
    // Nor is there anyone to divide by.
    assert_eq!(claim(&Provider::default(), 5).owner, Payment::new(5));
}

#[test]
fn an_account_that_cannot_receive_holds_nothing_up() {
    let (provider, _, other) = staked(1 << 20, 3 << 20);
    let provider = with_commission(provider, 5_000);
    let out = provider.claim_reward_shared(Payment::new(4 << 20)).unwrap();
    assert_eq!((out.owner, out.shared, out.provider.claimed), (Payment::ZERO, out.amount, Payment::new(4 << 20)));
    assert_eq!(out.provider.claim_delegation(&other).unwrap().amount, Payment::new(3 << 20));
    assert_eq!(out.provider.claim_reward_shared(Payment::new(4 << 20)), Err(Error::NothingToClaim));
    // Where all of it would be the owner's, it waits for the owner.
    let (small, ..) = staked(500_000, 499_999);
    assert_eq!(small.claim_reward_shared(Payment::new(1)), Err(Error::PayoutUnusable));
    assert_eq!(small.claim_reward_shared(Payment::ZERO), Err(Error::NothingToClaim));
}

#[test]
fn a_rise_of_the_commission_takes_nothing_before_its_time() {
    let params = local_params();
    let (provider, ..) = staked(1_000_000, 1_000_000);
    let update = |rate| ProviderUpdate { commission: Bps::new(rate), ..ProviderUpdate::default() };
    let raised = provider.update(&update(10_000), 100, &params).unwrap();
    let owner_part = |provider: &Provider, at| provider.claim_reward(Payment::new(1_000), at).unwrap().owner.get();
    assert_eq!((owner_part(&raised, 299), owner_part(&raised, 300)), (0, 1_000));
    let lowered = raised.update(&update(5_000), 300, &params).unwrap();
    assert_eq!((owner_part(&lowered, 300), owner_part(&lowered, i64::MAX)), (500, 500));
    let taken_back = raised.update(&update(0), 299, &params).unwrap();
    assert_eq!(owner_part(&taken_back, 10_000), 0);
}

#[test]
fn shares_earn_from_the_day_they_come_to_the_day_they_go() {
    let params = local_params();
    let (provider, owner, other) = staked(1 << 20, 1 << 20);
    let first = claim(&provider, 1 << 21).provider;
    // Half of what the other has leaves: it keeps what it earned and earns half as much from now on.
    let leaving = first.request_unstake(&other, Shares::new(1 << 19), false, 0, &params).unwrap();
    assert_eq!(leaving.position.owed, Payment::new(1 << 20));
    let second = claim(&leaving.provider, (1 << 21) + 3_000).provider;
    let out = second.claim_delegation(&leaving.position).unwrap();
    assert_eq!(out.amount.get(), (1 << 20) + 1_000);
    assert_eq!(second.claim_delegation(&out.position), Err(Error::NothingToClaim));
    // Back again, it earns from then on and not for the time between.
    let back = second.cancel_unstake(&out.position, 0, false).unwrap();
    assert_eq!(back.provider.claim_delegation(&back.position), Err(Error::NothingToClaim));
    let third = claim(&back.provider, (1 << 22) + 3_000).provider;
    assert_eq!(third.claim_delegation(&back.position).unwrap().amount, Payment::new(1 << 20));
    // The owner was there all the time.
    assert_eq!(third.claim_delegation(&owner).unwrap().amount.get(), (1 << 20) + 2_000 + (1 << 20));
}

#[test]
fn a_withdrawn_ticket_leaves_what_is_owed() {
    let (provider, _, other) = staked(1 << 20, 1 << 20);
    let paid = claim(&provider, 1 << 21).provider;
    let leaving = paid.request_unstake(&other, other.shares, false, 0, &local_params()).unwrap();
    let gone = leaving.provider.withdraw_stake(&leaving.position, 0, 200).unwrap();
    assert!(!gone.position.is_empty() && gone.position.tickets.is_empty());
    let out = gone.provider.claim_delegation(&gone.position).unwrap();
    assert!(out.amount == Payment::new(1 << 20) && out.position.is_empty());
}

proptest! {
    #![proptest_config(proptest_config(1_000))]

    /// Whatever is claimed, at whatever commission, however positions come and go between: what owner and
    /// positions get together is never more than what was claimed, and less only by rounding.
    #[test]
    fn the_parts_of_all_claims_are_the_claims(
        own in 1_000_000u64..1 << 60, other in 0u64..1 << 60,
        steps in prop::collection::vec((any::<u8>(), 1u64..1 << 50, 0u16..=10_000), 1..12),
    ) {
        let params = local_params();
        let (mut provider, mut owner, mut other) = staked(own, other + 1);
        let (mut lifetime, mut paid, mut steps_taken) = (0u64, 0u128, 0u128);
        for (kind, amount, rate) in steps {
            steps_taken += 1;
            match kind % 4 {
                0 => {
                    let shares = Shares::new(u128::from(amount).min(other.shares.get()));
                    let Ok(out) = provider.request_unstake(&other, shares, false, 0, &params) else { continue };
                    (provider, other) = (out.provider, out.position);
                }
                1 if !other.tickets.is_empty() => {
                    let out = provider.cancel_unstake(&other, 0, false).unwrap();
                    (provider, other) = (out.provider, out.position);
                }
                2 => {
                    let Ok(out) = provider.claim_delegation(&other) else { continue };
                    other = out.position;
                    paid += u128::from(out.amount.get());
                }
                _ => {
                    lifetime += amount;
                    let out = claim(&with_commission(provider, rate), lifetime);
                    prop_assert_eq!(out.owner.get() + out.shared.get(), amount);
                    paid += u128::from(out.owner.get());
                    provider = out.provider;
                }
            }
        }
        for position in [&mut owner, &mut other] {
            paid += provider.claim_delegation(position).map_or(0, |out| u128::from(out.amount.get()));
        }
        let lost = u128::from(lifetime).checked_sub(paid);
        prop_assert!(lost.is_some_and(|lost| lost <= 4 * (steps_taken + 1)), "{:?}", lost);
    }
}

#[test]
fn a_ticket_alone_earns_nothing() {
    let (provider, ..) = staked(1 << 20, 1 << 20);
    let tickets = std::vec![Ticket { shares: Shares::new(1 << 20), unlock_ts: 0 }];
    let position = Position { tickets, ..Position::default() };
    let paid = claim(&provider, 1 << 21).provider;
    assert_eq!(paid.claim_delegation(&position), Err(Error::NothingToClaim));
}
