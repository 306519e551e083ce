//! What the vault and the treasury count, each rule at its edge.

use super::*;
use crate::epoch::{Epoch, Pending};
use crate::params::RewardParams;
use crate::testing::local_params;

fn pay(amount: u64) -> Payment {
    Payment::new(amount)
}

/// 1,000 swept; an epoch over 900 of it that gives 700 away is final.
fn final_epoch() -> Rewards {
    let swept = Rewards::begin(100).sweep(pay(1_000)).unwrap();
    let epoch = Epoch { index: 1, cumulative_fees: pay(900), cumulative_total: pay(700), ..Epoch::default() };
    let params: RewardParams = local_params().reward;
    let epochs = swept.epochs.approve(&[[1; 32]], ([1; 32], [2; 32]), &epoch, 160, &params).unwrap();
    let (rewards, to_treasury) = Rewards { epochs, ..swept }.finalize(175).unwrap();
    assert_eq!(to_treasury, pay(200));
    rewards
}

#[test]
fn an_epoch_sends_what_it_withholds_to_the_treasury() {
    let rewards = final_epoch();
    assert_eq!((rewards.held(), rewards.treasury()), (Ok(pay(800)), Ok(pay(200))));
    assert_eq!(rewards.invariant(), Ok(()));
    assert_eq!(rewards.finalize(175), Err(Error::EpochNotPending));
}

#[test]
fn an_epoch_waits_for_its_fees() {
    let waiting = |swept| {
        let epoch = Epoch { index: 1, cumulative_fees: pay(900), ..Epoch::default() };
        let pending = Pending { epoch, share: crate::amount::Bps::ZERO, final_from: 0, stale_from: 1 };
        let rewards = Rewards::begin(0).sweep(pay(swept)).unwrap();
        let epochs = Epochs { pending: Some(pending), ..rewards.epochs.clone() };
        Rewards { epochs, ..rewards }.finalize(9).map(|(rewards, to_treasury)| (rewards.held(), to_treasury))
    };
    assert_eq!(waiting(899), Err(Error::EpochFeesNotSwept));
    assert_eq!(waiting(900), Ok((Ok(Payment::ZERO), pay(900))));
}

#[test]
fn claims_end_at_the_total() {
    let rewards = final_epoch();
    assert_eq!(rewards.claim(pay(701), Payment::ZERO), Err(Error::ClaimExceedsTotal));
    let all = rewards.claim(pay(700), pay(650)).unwrap();
    assert_eq!((all.claimed, all.paid_out, all.held()), (pay(700), pay(650), Ok(pay(150))));
    assert_eq!(all.invariant(), Ok(()));
    assert_eq!(all.claim(pay(1), Payment::ZERO), Err(Error::ClaimExceedsTotal));
    assert_eq!(Rewards::begin(0).claim(pay(1), Payment::ZERO), Err(Error::ClaimExceedsTotal));
    let paid = all.pay(pay(50)).unwrap();
    assert_eq!((paid.held(), paid.invariant()), (Ok(pay(100)), Ok(())));
    assert_eq!(paid.pay(pay(1)).unwrap().invariant(), Err(Error::InvariantBroken));
}

#[test]
fn the_treasury_gives_no_more_than_it_was_sent() {
    let rewards = final_epoch();
    assert_eq!(rewards.withdraw(Payment::ZERO), Err(Error::AmountZero));
    assert_eq!(rewards.withdraw(pay(201)), Err(Error::TreasuryInsufficient));
    let part = rewards.withdraw(pay(150)).unwrap();
    assert_eq!((part.treasury(), part.held()), (Ok(pay(50)), Ok(pay(800))));
    assert_eq!(part.withdraw(pay(51)), Err(Error::TreasuryInsufficient));
    assert_eq!(part.withdraw(pay(50)).unwrap().treasury(), Ok(Payment::ZERO));
}

#[test]
fn sums_do_not_wrap() {
    let full = Rewards { swept: Payment::MAX, ..Rewards::default() };
    assert_eq!(full.sweep(pay(1)), Err(Error::MathOverflow));
    let claimed = Rewards { claimed: Payment::MAX, ..Rewards::default() };
    assert_eq!(claimed.claim(pay(1), pay(0)), Err(Error::MathOverflow));
    let paid = Rewards { paid_out: Payment::MAX, ..Rewards::default() };
    assert_eq!(paid.pay(pay(1)), Err(Error::MathOverflow));
}

#[test]
fn the_invariant_sees_broken_books() {
    let rewards = final_epoch().claim(pay(10), pay(5)).unwrap();
    let last = rewards.epochs.last;
    let epoch = |last| Rewards { epochs: Epochs { last, ..rewards.epochs.clone() }, ..rewards.clone() };
    let broken = [
        Rewards { paid_out: pay(11), ..rewards.clone() },
        Rewards { claimed: pay(701), ..rewards.clone() },
        Rewards { withdrawn: pay(201), ..rewards.clone() },
        Rewards { to_treasury: pay(996), ..rewards.clone() },
        Rewards { swept: pay(899), ..rewards.clone() },
        epoch(Epoch { cumulative_fees: pay(1_001), ..last }),
        epoch(Epoch { cumulative_total: pay(9), ..last }),
        epoch(Epoch { cumulative_total: pay(901), ..last }),
    ];
    assert_eq!(rewards.invariant(), Ok(()));
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken), "{books:?}");
    }
}
