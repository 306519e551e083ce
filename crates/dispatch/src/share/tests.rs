//! What an owner may have of a market, and that cutting it up changes nothing.

use super::*;
use crate::testing::{label, offer, owner_key};

const NOW_MS: u64 = 1_700_000_000_000;

fn class() -> Class {
    (label("cpu"), UnitKind::Fuel)
}

fn policy(floor: u64) -> Policy {
    Policy { floor: Payment::new(floor), ..Policy::default() }
}

fn terms(slots: u16) -> Terms {
    let mut provider = crate::state::provider::Provider::new(crate::testing::facts(1), 0);
    provider.take_offer(&crate::input::Offer { slots, ..offer(1) });
    provider.offer.expect("offer")
}

/// Owners with this many slots each.
fn owners(slots: &[u16]) -> Shares {
    let mut shares = Shares::default();
    (0u8..).zip(slots).for_each(|(id, slots)| shares.offered(&owner_key(id), None, &terms(*slots)));
    shares
}

#[test]
fn limits_are_twice_the_capacity_or_an_equal_part_from_one_percent_to_all() {
    let limits = |slots: &[u16]| owners(slots).bound(&policy(0), &class(), &owner_key(0), NOW_MS).limit_ppm;
    assert_eq!(limits(&[5]), ALL_PPM);
    assert_eq!(limits(&[5, 5]), ALL_PPM);
    assert_eq!(limits(&[5, 5, 5, 5, 5]), 400_000);
    assert_eq!(limits(&[1, 60]), 500_000, "of two owners each may have half");
    assert_eq!(limits(&[1, 60, 60, 60, 60]), 200_000, "an equal part");
    let many: Vec<u16> = std::iter::once(1).chain([60; 200]).collect();
    assert_eq!(limits(&many), LEAST_PPM, "a small owner among many may have one percent");
    let unknown = owners(&[1]).bound(&policy(0), &(label("gpu"), UnitKind::Fuel), &owner_key(0), NOW_MS);
    assert_eq!(unknown, Bound { share_ppm: 0, limit_ppm: LEAST_PPM });
}

#[test]
fn a_greedy_order_exceeds_no_limit_by_more_than_a_lease() {
    let mut shares = owners(&[10, 10, 20, 5, 5, 10, 40]);
    let policy = policy(0);
    let all = 7u8;
    for step in 1u64..=3_000 {
        let cap = 1 + step * 7_919 % 1_000;
        // Always the first that the limit admits.
        let admits = |id: &u8| shares.bound(&policy, &class(), &owner_key(*id), NOW_MS + step).admits();
        let owner = (0..all).find(admits).expect("somebody is under its limit");
        shares.propose(&policy, class(), owner_key(owner), Payment::new(cap), NOW_MS + step);
    }
    let at_ms = NOW_MS + 3_000;
    let total = shares.0[&class()].value.at(at_ms, policy.half_life_ms);
    let lease_ppm = 1_001 * ALL_PPM / total;
    for id in 0..all {
        let Bound { share_ppm, limit_ppm } = shares.bound(&policy, &class(), &owner_key(id), at_ms);
        assert!(share_ppm <= limit_ppm + lease_ppm + 1, "owner {id}: {share_ppm} of {limit_ppm}");
    }
}

#[test]
fn one_machine_or_a_hundred_have_the_same_limit() {
    let bound = |cut: bool| {
        let mut shares = owners(&[0, 20, 20, 20, 20]);
        let parts: Vec<u16> = if cut { vec![1; 100] } else { vec![100] };
        parts.iter().for_each(|slots| shares.offered(&owner_key(0), None, &terms(*slots)));
        shares.propose(&policy(0), class(), owner_key(0), Payment::new(70), NOW_MS);
        shares.propose(&policy(0), class(), owner_key(1), Payment::new(30), NOW_MS);
        shares.bound(&policy(0), &class(), &owner_key(0), NOW_MS)
    };
    assert_eq!(bound(true), bound(false));
}

#[test]
fn below_the_floor_nobody_is_held_back_and_time_brings_everybody_there() {
    let mut shares = owners(&[5, 5, 5, 5]);
    let policy = policy(1_000);
    shares.propose(&policy, class(), owner_key(0), Payment::new(500), NOW_MS);
    assert!(shares.bound(&policy, &class(), &owner_key(0), NOW_MS).admits());
    shares.propose(&policy, class(), owner_key(0), Payment::new(1_500), NOW_MS);
    assert_eq!(shares.held_back(&policy, &class(), NOW_MS), [owner_key(0)]);
    // Nobody else works, and it is still let in again when half of the floor is left of it.
    assert_eq!(shares.held_back(&policy, &class(), NOW_MS + policy.half_life_ms), [owner_key(0)]);
    assert!(shares.held_back(&policy, &class(), NOW_MS + 2 * policy.half_life_ms).is_empty());
}

#[test]
fn what_is_withdrawn_was_never_given() {
    let mut shares = owners(&[5, 5, 5, 5]);
    shares.propose(&policy(0), class(), owner_key(0), Payment::new(500), NOW_MS);
    shares.propose(&policy(0), class(), owner_key(1), Payment::new(500), NOW_MS);
    shares.withdraw(&policy(0), &class(), &owner_key(0), Payment::new(500), NOW_MS);
    let share = |id| shares.bound(&policy(0), &class(), &owner_key(id), NOW_MS).share_ppm;
    assert_eq!((share(0), share(1)), (0, ALL_PPM));
}
