//! Every small reward over every small split of the shares.

use super::{payments, rates};
use crate::amount::{Payment, Shares};
use crate::commission::Commission;
use crate::position::Position;
use crate::provider::Provider;
use crate::reward::RewardIndex;
use crate::stake_pool::Pool;

/// Four bits of shares, in steps of a third of the least number that earns, so that it is crossed.
const STEP: u128 = 333_334;

fn shares() -> impl Iterator<Item = Shares> {
    (0..16).map(|count| Shares::new(count * STEP))
}

fn provider(active: u128) -> Provider {
    let total_stake = crate::amount::Stake::new(u64::try_from(active).unwrap());
    let pool = Pool { total_stake, total_shares: Shares::new(active), unbonding_shares: Shares::ZERO };
    Provider { pool, ..Provider::default() }
}

fn earned(provider: &Provider, since: &Position) -> u64 {
    provider.claim_delegation(since).map_or(0, |out| out.amount.get())
}

#[test]
fn two_holders_never_earn_more_than_the_claim_nor_a_unit_less_than_their_part() {
    for (a, b) in shares().flat_map(|a| shares().map(move |b| (a, b))) {
        let active = a.get() + b.get();
        let provider = provider(active);
        let holder = |shares| Position { shares, ..Position::default() };
        for amount in payments().skip(1) {
            let out = provider.claim_reward(amount, 0).unwrap();
            let (first, second) = (earned(&out.provider, &holder(a)), earned(&out.provider, &holder(b)));
            if active < 1_000_000 {
                assert_eq!((out.owner, out.shared, first, second), (amount, Payment::ZERO, 0, 0));
                continue;
            }
            assert_eq!((out.owner, out.shared), (Payment::ZERO, amount));
            assert!(first + second <= amount.get());
            for (part, got) in [(a, first), (b, second)] {
                let exact = u128::from(amount.get()) * part.get() / active;
                assert!(u128::from(got) <= exact && u128::from(got) + 1 >= exact);
            }
        }
    }
}

#[test]
fn a_claim_in_two_steps_gives_at_most_rounding_less_than_one() {
    for (a, b) in shares().flat_map(|a| shares().map(move |b| (a, b))) {
        let provider = provider(a.get() + b.get());
        if a.get() + b.get() < 1_000_000 {
            continue;
        }
        let holder = Position { shares: a, ..Position::default() };
        for (first, second) in payments().skip(1).flat_map(|a| payments().skip(1).map(move |b| (a, b))) {
            let whole = first.checked_add(second).unwrap();
            let once = earned(&provider.claim_reward(whole, 0).unwrap().provider, &holder);
            let step = provider.claim_reward(first, 0).unwrap().provider;
            let twice = step.claim_reward(whole, 0).unwrap().provider;
            // A position that looks only once loses one rounding; one that is paid in between, two.
            let late = earned(&twice, &holder);
            let paid = step.claim_delegation(&holder);
            let early = paid.as_ref().map_or(0, |out| out.amount.get());
            let rest = paid.map_or(holder.clone(), |out| out.position);
            let sum = early + earned(&twice, &rest);
            assert!(late <= once && late + 1 >= once);
            assert!(sum <= late && sum + 1 >= late);
        }
    }
}

#[test]
fn commission_and_rest_are_the_claim() {
    for (active, rate) in shares().flat_map(|active| rates().map(move |rate| (active, rate))) {
        let provider = Provider { commission: Commission::fixed(rate), ..provider(active.get()) };
        for (before, amount) in payments().flat_map(|before| payments().skip(1).map(move |amount| (before, amount))) {
            let provider = Provider { claimed: before, ..provider };
            let out = provider.claim_reward(before.checked_add(amount).unwrap(), 0).unwrap();
            assert_eq!((out.amount, out.owner.checked_add(out.shared)), (amount, Ok(amount)));
            let exact = amount.get() * u64::from(rate.get()) / 10_000;
            let alone = active.get() < 1_000_000;
            assert_eq!(out.owner.get(), if alone { amount.get() } else { exact });
            let moved = out.provider.reward_index != RewardIndex::ZERO;
            assert_eq!(moved, !out.shared.is_zero());
            for late in [before, out.provider.claimed] {
                assert!(out.provider.claim_reward(late, 0).is_err());
            }
        }
    }
}
