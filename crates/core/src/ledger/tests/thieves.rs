//! The checks see what no action does: each invariant, broken by one unit.

use super::cast::{NOW, admin, requester};
use super::story::leased;
use crate::amount::{Payment, Shares, Stake, Units};
use crate::dispute::DisputeKind;
use crate::error::Error;
use crate::fee_shard::shard_of;
use crate::ledger::{Action, Ledger};
use crate::params::{Params, Profile};
use crate::testing::local_params;

/// A dispute and a payment on the one lease, so that every part of the ledger holds something.
fn full() -> Ledger {
    let mut stage = leased();
    let lease = *stage.ledger.leases.keys().next().unwrap();
    stage.all([
        Action::SettleDirect {
            lease,
            actor: requester(0),
            cumulative_amount: Payment::new(30_000),
            cumulative_units: Units::new(9),
        },
        Action::OpenDispute { lease, actor: requester(0), kind: DisputeKind::NoShow, evidence: [0; 32] },
    ]);
    stage.ledger
}

fn one() -> Payment {
    Payment::new(1)
}

/// The number of the invariant that is broken by a change of the ledger.
fn broken_by(change: impl FnOnce(&mut Ledger)) -> u8 {
    let mut thief = full();
    assert_eq!(thief.check(), Ok(()));
    change(&mut thief);
    thief.check().unwrap_err().invariant
}

fn step_broken_by(change: impl FnOnce(&mut Ledger)) -> u8 {
    let honest = full();
    let mut thief = honest.clone();
    assert_eq!(honest.check_step(&thief), Ok(()));
    change(&mut thief);
    honest.check_step(&thief).unwrap_err().invariant
}

#[test]
fn a_stolen_escrow_is_seen() {
    assert_eq!(broken_by(|ledger| ledger.jobs.values_mut().for_each(|job| job.vault = Payment::ZERO)), 1);
    assert_eq!(broken_by(|ledger| ledger.flows.payment_out += 1), 1);
    assert_eq!(broken_by(|ledger| ledger.leases.clear()), 2);
    assert_eq!(broken_by(|ledger| ledger.jobs.clear()), 2);
    let more = |ledger: &mut Ledger| {
        ledger.leases.values_mut().for_each(|lease| lease.books.settled = Payment::new(30_001));
    };
    assert_eq!(broken_by(more), 2);
}

#[test]
fn stolen_stake_is_seen() {
    assert_eq!(broken_by(|ledger| ledger.stake_vault = Stake::ZERO), 3);
    assert_eq!(broken_by(|ledger| ledger.disputes.clear()), 3);
    assert_eq!(broken_by(|ledger| ledger.flows.stake_burned += 1), 3);
    assert_eq!(broken_by(|ledger| ledger.positions.clear()), 3);
    let richer = |ledger: &mut Ledger| {
        let position = ledger.positions.values_mut().next().unwrap();
        position.shares = position.shares.checked_add(Shares::new(1)).unwrap();
    };
    assert_eq!(broken_by(richer), 3);
    let owner_is = |own: u128| {
        move |ledger: &mut Ledger| {
            ledger.providers.values_mut().for_each(|entry| entry.books.own_shares = Shares::new(own));
        }
    };
    assert_eq!(broken_by(owner_is(599_999)), 3);
    let unexposed = |ledger: &mut Ledger| {
        ledger.providers.values_mut().for_each(|entry| entry.books.exposure = Stake::new(29_999));
    };
    assert_eq!(broken_by(unexposed), 4);
    let uncounted = |ledger: &mut Ledger| ledger.providers.values_mut().for_each(|entry| entry.books.open_leases = 2);
    assert_eq!(broken_by(uncounted), 4);
}

#[test]
fn stolen_fees_and_rewards_are_seen() {
    assert_eq!(broken_by(|ledger| ledger.shards.values_mut().for_each(|shard| shard.vault = one())), 5);
    assert_eq!(broken_by(|ledger| ledger.flows.fees += 1), 5);
    assert_eq!(broken_by(|ledger| ledger.rewards.books.swept = one()), 5);
    assert_eq!(broken_by(|ledger| ledger.rewards.vault = one()), 5);
    assert_eq!(broken_by(|ledger| ledger.rewards.treasury = one()), 5);
    let claimed = |ledger: &mut Ledger| ledger.providers.values_mut().for_each(|entry| entry.books.claimed = one());
    assert_eq!(broken_by(claimed), 6);
    let owed = |ledger: &mut Ledger| ledger.positions.values_mut().for_each(|position| position.owed = one());
    assert_eq!(broken_by(owed), 6);
    assert_eq!(broken_by(|ledger| ledger.rewards.books.paid_out = one()), 0);
}

#[test]
fn what_grows_does_not_fall() {
    let lease = |change: fn(&mut crate::lease::Lease)| {
        move |ledger: &mut Ledger| ledger.leases.values_mut().for_each(|lease| change(&mut lease.books))
    };
    assert_eq!(step_broken_by(lease(|lease| lease.settled = one())), 7);
    assert_eq!(step_broken_by(lease(|lease| lease.units = Units::new(8))), 7);
    assert_eq!(step_broken_by(lease(|lease| lease.disputed = false)), 7);
    assert_eq!(step_broken_by(|ledger| ledger.leases.clear()), 7);
    assert_eq!(step_broken_by(|ledger| ledger.disputes.clear()), 7);
    assert_eq!(step_broken_by(|ledger| ledger.jobs.values_mut().for_each(|job| job.books.paid = one())), 7);
    assert_eq!(step_broken_by(|ledger| ledger.providers.clear()), 7);
    assert_eq!(step_broken_by(|ledger| ledger.now -= 1), 7);
    // A dispute outlives no lease.
    let orphan = |ledger: &mut Ledger| {
        let dispute = *ledger.disputes.values().next().unwrap();
        ledger.disputes.insert([7; 32], dispute);
    };
    assert_eq!(step_broken_by(orphan), 7);
}

#[test]
fn claims_and_their_index_grow_each_for_itself() {
    let mut before = full();
    let index = crate::reward::RewardIndex::new(5);
    before.providers.values_mut().for_each(|entry| (entry.books.claimed, entry.books.reward_index) = (one(), index));
    let mut after = before.clone();
    assert_eq!(before.check_step(&after), Ok(()));
    let lower = crate::reward::RewardIndex::new(4);
    let set = |ledger: &mut Ledger, claimed, index| {
        ledger.providers.values_mut().for_each(|e| (e.books.claimed, e.books.reward_index) = (claimed, index));
    };
    set(&mut after, Payment::new(2), lower);
    assert_eq!(before.check_step(&after).unwrap_err().invariant, 7);
    set(&mut after, Payment::ZERO, index);
    assert_eq!(before.check_step(&after).unwrap_err().invariant, 7);
}

#[test]
fn what_ended_stays_ended() {
    let mut before = full();
    let job = *before.jobs.keys().next().unwrap();
    before.retired.insert([3; 32]);
    let mut after = before.clone();
    assert_eq!(before.check_step(&after), Ok(()));
    after.retired.clear();
    assert_eq!(before.check_step(&after).unwrap_err().invariant, 7);
    let mut returned = before.clone();
    returned.retired.insert(job);
    let same = returned.clone();
    assert_eq!(returned.check_step(&same).unwrap_err().invariant, 7);
}

#[test]
fn a_released_lease_may_lose_its_exposure_and_nothing_else() {
    let mut before = full();
    before.leases.values_mut().for_each(|lease| lease.books.released = true);
    let with = |change: fn(&mut crate::lease::Lease)| {
        let mut after = before.clone();
        after.leases.values_mut().for_each(|lease| change(&mut lease.books));
        before.check_step(&after).map_err(|broken| broken.invariant)
    };
    assert_eq!(with(|lease| lease.exposure = Stake::ZERO), Ok(()));
    assert_eq!(with(|lease| lease.settled = lease.cap), Err(7));
    assert_eq!(with(|lease| lease.settle_until += 1), Err(7));
    assert_eq!(with(|lease| lease.released = false), Err(7));
}

#[test]
fn a_refusal_changes_nothing() {
    let mut ledger = full();
    let before = ledger.clone();
    let unknown = [9; 32];
    let refused = [
        Action::FundJob { job: unknown, amount: one() },
        Action::Stake { provider: unknown, staker: unknown, amount: Stake::new(1) },
        Action::EndLease { lease: unknown },
        Action::ResolveDispute { lease: unknown },
        Action::ClaimReward { provider: unknown, amount: one(), root: [0; 32], payout_usable: true },
        Action::ClaimDelegationReward { provider: unknown, staker: unknown },
        Action::InitFeeShard { shard: 3 },
    ];
    for action in refused {
        assert_eq!(ledger.apply(&action), Err(Error::WrongAccount), "{action:?}");
        assert_eq!(ledger, before);
    }
    assert_eq!(ledger.apply(&Action::InitFeeShard { shard: 16 }), Err(Error::InvalidParams));
    let lease = ledger.leases.keys().next().unwrap();
    let other = (shard_of(lease) + 1) % 13;
    assert_eq!(ledger.apply(&Action::SweepFees { shard: other }), Err(Error::NothingToSweep));
}

#[test]
fn refuses_bad_parameters() {
    let params = Params { grace_secs: 0, ..local_params() };
    assert_eq!(Ledger::initialize(admin(0), params, Profile::Local, NOW), Err(Error::InvalidParams));
    assert_eq!(Ledger::initialize(admin(0), local_params(), Profile::Public, NOW), Err(Error::InvalidParams));
}
