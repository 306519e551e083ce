//! Each class, and what the classes promise together.

use super::*;
use proptest::prelude::*;

/// Two payment units a unit, a cap of 1,000.
fn books(reported: Option<u64>, vouchered: Option<(u64, u64)>, settled: (u64, u64)) -> Books {
    Books {
        lease: [1; 32],
        unit_price: UnitPrice::new(2_000_000),
        cap: Payment::new(1_000),
        reported: reported.map(|units| (Units::new(units), 10)),
        vouchered: vouchered.map(|(amount, units)| (Payment::new(amount), Units::new(units), 20)),
        settled: (Payment::new(settled.0), Units::new(settled.1)),
    }
}

type Found = (Class, u64, Owner, Option<i64>);

fn found(books: &Books) -> (u64, Vec<Found>) {
    let reconciled = lease(books);
    let items = reconciled.items.iter().map(|item| (item.class, item.amount.get(), item.owner, item.since_ms));
    (reconciled.matched.get(), items.collect())
}

#[test]
fn books_that_agree_match() {
    assert_eq!(found(&books(Some(100), Some((200, 100)), (200, 100))), (200, vec![]));
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
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    #[test]
    fn no_item_means_that_all_three_are_equal(
        reported in proptest::option::of(0..700_u64),
        vouchered in proptest::option::of((0..1_300_u64, 0..700_u64)),
        settled in (0..=1_000_u64, 0..700_u64),
    ) {
        let books = books(reported, vouchered, settled);
        let reconciled = lease(&books);
        let settled = books.settled.0;
        prop_assert!(reconciled.matched <= settled);
        if reconciled.items.is_empty() {
            let worth = reported.map_or(0, |units| units * 2).min(1_000);
            prop_assert_eq!((reconciled.matched, worth), (settled, settled.get()));
        }
        let mut classes: Vec<_> = reconciled.items.iter().map(|item| item.class).collect();
        classes.sort();
        classes.dedup();
        prop_assert_eq!(classes.len(), reconciled.items.len(), "a class appears once");
    }
}
