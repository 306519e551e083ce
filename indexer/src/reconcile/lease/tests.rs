//! Each class, and what the classes promise together.

use super::super::testing::{aside, books, matching};
use super::super::{Dispute, Quarantine};
use super::*;
use proptest::prelude::*;

type Found = (Class, u64, Owner, Option<i64>);

fn found(books: &Books) -> (u64, Vec<Found>) {
    let reconciled = lease(books);
    let tuple = |item: &Difference| (item.class, item.amount.get(), item.owner, item.since_ms);
    (reconciled.matched.get(), reconciled.differences.iter().map(tuple).collect())
}

#[test]
fn books_that_agree_match() {
    assert_eq!(found(&matching()), (200, vec![]));
    assert_eq!(found(&books(None, None, (0, 0))), (0, vec![]));
    assert_eq!(found(&books(Some(500), Some((1_000, 500)), (1_000, 500))), (1_000, vec![]));
}

#[test]
fn work_without_a_voucher_is_the_requesters() {
    let owed = (Class::Unvouchered, 60, Owner::Requester, Some(10));
    assert_eq!(found(&books(Some(100), Some((140, 70)), (140, 70))), (140, vec![owed]));
}

#[test]
fn a_voucher_not_cashed_is_the_providers() {
    let open = (Class::Unsettled, 150, Owner::Provider, Some(20));
    assert_eq!(found(&books(Some(100), Some((200, 100)), (50, 25))), (50, vec![open]));
}

#[test]
fn a_settled_voucher_that_was_never_seen_here_was_signed_all_the_same() {
    assert_eq!(found(&books(Some(100), None, (200, 100))), (200, vec![]));
}

#[test]
fn settlement_beyond_the_report_is_over_settled() {
    let over = (Class::OverSettled, 40, Owner::Provider, None);
    assert_eq!(found(&books(Some(80), Some((200, 100)), (200, 100))), (160, vec![over]));
}

#[test]
fn payment_without_a_report_lacks_one() {
    let lacks = (Class::MissingReport, 200, Owner::Provider, Some(20));
    assert_eq!(found(&books(None, Some((200, 100)), (200, 100))), (0, vec![lacks]));
    let (open, partly) =
        ((Class::Unsettled, 200, Owner::Provider, Some(20)), (Class::MissingReport, 40, Owner::Provider, Some(20)));
    assert_eq!(found(&books(Some(80), Some((200, 100)), (0, 0))), (0, vec![open, partly]));
}

#[test]
fn a_number_ahead_says_that_reports_are_missing_until_they_come() {
    let ahead = Quarantine { ahead: aside(120, 5), ..Quarantine::default() };
    let missing = (Class::MissingReport, 40, Owner::Provider, Some(5));
    assert_eq!(found(&Books { quarantine: ahead, ..matching() }), (200, vec![missing]));
    let came = books(Some(120), Some((240, 120)), (240, 120));
    assert_eq!(found(&Books { quarantine: ahead, ..came }), (240, vec![]));
    let never = (Class::MissingReport, 240, Owner::Provider, Some(5));
    assert_eq!(found(&Books { quarantine: ahead, ..books(None, None, (0, 0)) }), (0, vec![never]));
}

#[test]
fn more_than_the_price_is_a_breach() {
    let dear = (Class::PriceBreach, 20, Owner::Requester, Some(20));
    assert_eq!(found(&books(Some(100), Some((200, 90)), (200, 100))), (200, vec![dear]));
    let settled = (Class::PriceBreach, 100, Owner::Requester, None);
    assert_eq!(found(&books(Some(100), None, (200, 50))), (200, vec![settled]));
}

#[test]
fn more_than_the_cap_is_a_breach() {
    let worked = (Class::CapBreach, 200, Owner::Provider, Some(10));
    assert_eq!(found(&books(Some(600), Some((1_000, 500)), (1_000, 500))), (1_000, vec![worked]));
    let signed = (Class::CapBreach, 200, Owner::Requester, Some(20));
    let (matched, items) = found(&books(Some(500), Some((1_200, 600)), (1_000, 600)));
    assert_eq!((matched, items), (1_000, vec![signed]));
    let quarantine = Quarantine { above_cap: aside(501, 3), ..Quarantine::default() };
    let refused = (Class::CapBreach, 2, Owner::Provider, Some(3));
    assert_eq!(found(&Books { quarantine, ..matching() }), (200, vec![refused]));
}

#[test]
fn a_replayed_report_is_found_and_changes_no_amount() {
    let quarantine = Quarantine { replayed: aside(90, 3), ..Quarantine::default() };
    let replayed = (Class::Replayed, 180, Owner::Provider, Some(3));
    assert_eq!(found(&Books { quarantine, ..matching() }), (200, vec![replayed]));
    let nothing = Quarantine { replayed: aside(0, 3), ..Quarantine::default() };
    let replayed = (Class::Replayed, 0, Owner::Provider, Some(3));
    assert_eq!(found(&Books { quarantine: nothing, ..matching() }), (200, vec![replayed]));
}

#[test]
fn a_report_after_the_release_is_out_of_window_if_it_claims_more() {
    let late = |units| Quarantine { late: aside(units, 30), ..Quarantine::default() };
    let out = (Class::OutOfWindow, 50, Owner::Provider, Some(30));
    assert_eq!(found(&Books { quarantine: late(125), ..matching() }), (200, vec![out]));
    assert_eq!(found(&Books { quarantine: late(100), ..matching() }), (200, vec![]));
}

#[test]
fn only_an_audit_that_failed_is_a_difference() {
    for audit in [Audit::NoResult, Audit::Passed] {
        assert_eq!(found(&Books { audit, ..matching() }), (200, vec![]));
    }
    let failed = (Class::AuditFailed, 200, Owner::Provider, Some(40));
    assert_eq!(found(&Books { audit: Audit::Failed { since_ms: 40 }, ..matching() }), (200, vec![failed]));
}

#[test]
fn only_an_open_lease_has_something_on_its_way() {
    let waiting = books(Some(100), Some((180, 90)), (100, 50));
    let states = |phase| lease(&Books { phase, ..waiting }).differences.iter().map(|item| item.state).collect();
    let expect = |state| -> Vec<State> { vec![state, state] };
    let all: [Vec<State>; 3] = [Phase::Open, Phase::Released, Phase::Ended].map(states);
    assert_eq!(all, [State::Pending, State::Exception, State::Closed].map(expect));
    let over = lease(&books(Some(80), None, (200, 100))).differences;
    assert_eq!(over[0].state, State::Exception);
}

fn any_books() -> impl Strategy<Value = Books> {
    let opt = |strategy| proptest::option::of(strategy);
    let three = (opt(0..700_u64), proptest::option::of((0..1_300_u64, 0..700_u64)), (0..=1_000_u64, 0..700_u64));
    let quarantine = (opt(0..700_u64), opt(0..700_u64), opt(0..700_u64), opt(0..700_u64));
    let rest = (0..3_usize, 0..3_usize, 0..4_usize);
    (three, quarantine, rest).prop_map(|((reported, vouchered, settled), (a, b, c, d), (phase, audit, dispute))| {
        let kept = |units: Option<u64>| units.and_then(|units| aside(units, 5));
        Books {
            quarantine: Quarantine { replayed: kept(a), ahead: kept(b), late: kept(c), above_cap: kept(d) },
            phase: [Phase::Open, Phase::Released, Phase::Ended][phase],
            audit: [Audit::NoResult, Audit::Passed, Audit::Failed { since_ms: 1 }][audit],
            dispute: [Dispute::None, Dispute::Open, Dispute::Lost, Dispute::Survived][dispute],
            ..books(reported, vouchered, settled)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_048, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    #[test]
    fn no_difference_means_that_all_three_are_equal(books in any_books()) {
        let reconciled = lease(&books);
        let settled = books.settled.0;
        prop_assert!(reconciled.matched <= settled);
        if reconciled.differences.is_empty() {
            let worth = books.reported.map_or(0, |(units, _)| units.get() * 2).min(1_000);
            prop_assert_eq!((reconciled.matched, worth), (settled, settled.get()));
        }
        let mut classes: Vec<_> = reconciled.differences.iter().map(|item| item.class).collect();
        classes.sort();
        classes.dedup();
        prop_assert_eq!(classes.len(), reconciled.differences.len(), "a class appears once");
        prop_assert!(!classes.contains(&Class::Matched));
        for item in &reconciled.differences {
            prop_assert!(item.amount <= item.target, "{:?}", item);
        }
    }

    /// Eligible is never more than any book, nothing that is excluded, and its fees never more than were paid.
    #[test]
    fn eligible_is_the_least_of_the_three(books in any_books()) {
        let Reconciled { eligible, .. } = lease(&books);
        let worth = books.reported.map_or(0, |(units, _)| units.get() * 2).min(1_000);
        let vouchered = books.vouchered.map_or(0, |(amount, ..)| amount.get()).min(1_000).max(books.settled.0.get());
        let least = worth.min(vouchered).min(books.settled.0.get());
        let counts = matches!(books.dispute, Dispute::None | Dispute::Survived)
            && !matches!(books.audit, Audit::Failed { .. });
        prop_assert_eq!(eligible.amount.get(), if counts { least } else { 0 });
        prop_assert_eq!(eligible.excluded.is_none(), counts);
        prop_assert!(eligible.fees <= books.fee_paid);
        if counts && least == books.settled.0.get() {
            prop_assert_eq!(eligible.fees, books.fee_paid);
        }
    }
}
