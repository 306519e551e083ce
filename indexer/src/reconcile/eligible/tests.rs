//! What counts, and what does not.

use super::super::testing::{books, matching};
use super::*;

fn of(books: &Books, matched: u64) -> (u64, u64, Option<Excluded>) {
    let Eligible { amount, fees, excluded } = eligible(books, Payment::new(matched));
    (amount.get(), fees.get(), excluded)
}

#[test]
fn all_that_was_settled_brings_all_fees() {
    assert_eq!(of(&matching(), 200), (200, 3, None));
    assert_eq!(of(&books(None, None, (0, 0)), 0), (0, 0, None));
}

#[test]
fn a_part_brings_its_proportion_rounded_down() {
    assert_eq!(of(&matching(), 134), (134, 2, None));
    assert_eq!(of(&matching(), 133), (133, 1, None));
    assert_eq!(of(&matching(), 66), (66, 0, None));
    let less_paid = Books { fee_paid: Payment::new(1), ..matching() };
    assert_eq!(of(&less_paid, 200), (200, 1, None), "never more than was paid");
}

#[test]
fn disputes_and_failed_audits_take_the_whole_lease() {
    let failed = Audit::Failed { since_ms: 1 };
    let cases = [
        (Dispute::Open, Audit::NoResult, Some(Excluded::Disputed)),
        (Dispute::Open, failed, Some(Excluded::Disputed)),
        (Dispute::Lost, Audit::Passed, Some(Excluded::DisputeLost)),
        (Dispute::None, failed, Some(Excluded::AuditFailed)),
        (Dispute::Survived, failed, Some(Excluded::AuditFailed)),
        (Dispute::Survived, Audit::Passed, None),
        (Dispute::None, Audit::Passed, None),
    ];
    for (dispute, audit, excluded) in cases {
        let expected = if excluded.is_some() { (0, 0, excluded) } else { (200, 3, None) };
        assert_eq!(of(&Books { dispute, audit, ..matching() }, 200), expected, "{dispute:?} {audit:?}");
    }
}
