//! When a difference is the same as before.

use super::super::{Class, Owner, State};
use super::*;

const LEASE: Key = [1; 32];

fn owed(amount: u64, target: u64, since_ms: Option<i64>) -> Difference {
    let (class, owner, state) = (Class::Unvouchered, Owner::Requester, State::Pending);
    Difference { class, owner, state, amount: Payment::new(amount), target: Payment::new(target), since_ms }
}

fn at(run: u64, now_ms: i64) -> Stamp {
    Stamp { run, now_ms }
}

fn date(difference: &Difference, before: Option<&ReconItem>, stamp: Stamp) -> (i64, u64) {
    let item = dated(difference, LEASE, before, stamp);
    assert_eq!((item.run, item.lease, item.amount), (stamp.run, LEASE, difference.amount));
    (item.since_ms, item.target.get())
}

#[test]
fn a_new_one_is_as_old_as_its_evidence_or_as_this_run() {
    assert_eq!(date(&owed(60, 200, Some(10)), None, at(1, 100)), (10, 200));
    assert_eq!(date(&owed(60, 200, None), None, at(1, 100)), (100, 200));
    assert_eq!(date(&owed(60, 200, Some(101)), None, at(1, 100)), (100, 200), "another host's clock is ahead");
}

#[test]
fn it_lasts_until_the_smaller_book_reaches_the_first_target() {
    let first = dated(&owed(60, 200, Some(10)), LEASE, None, at(1, 100));
    // More is reported, a part is signed: what was owed first is still owed.
    let still = owed(101, 300, Some(150));
    assert_eq!(date(&still, Some(&first), at(2, 200)), (10, 200));
    let second = dated(&still, LEASE, Some(&first), at(2, 200));
    assert_eq!(date(&owed(1, 300, Some(150)), Some(&second), at(3, 300)), (150, 300), "it was paid; this is new");
    assert_eq!(date(&owed(100, 300, Some(150)), Some(&second), at(3, 300)), (150, 300), "reached exactly");
}

#[test]
fn evidence_that_is_worth_nothing_stays() {
    let first = dated(&owed(0, 0, Some(10)), LEASE, None, at(1, 100));
    assert_eq!(date(&owed(0, 0, Some(50)), Some(&first), at(2, 200)), (10, 0));
}

#[test]
fn ages_are_never_negative() {
    let item = dated(&owed(60, 200, Some(10)), LEASE, None, at(1, 100));
    assert_eq!((age_ms(&item, 100), age_ms(&item, 9), age_ms(&item, i64::MIN)), (90, 0, 0));
}
