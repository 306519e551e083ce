//! From rows to books.

use super::super::testing::aside;
use super::*;

fn sum(reason: &str, taken: bool, max_units: u64, first_ms: i64) -> QuarantineSum {
    let (reason, max_units) = (reason.to_owned(), Units::new(max_units));
    QuarantineSum { lease: [1; 32], reason, taken, reports: 1, max_units, first_ms }
}

#[test]
fn what_was_set_aside_shows_what_its_reason_says() {
    let sums = [
        sum("usage_out_of_sequence", true, 5, 30),
        sum("usage_decreasing", false, 4, 20),
        sum("usage_out_of_sequence", false, 6, 10),
        sum("usage_above_cap", false, 7, 11),
        sum("lease_released", false, 8, 12),
        sum("usage_signature_invalid", false, u64::MAX, 1),
        sum("of_a_later_version", false, u64::MAX, 1),
    ];
    let expected =
        Quarantine { replayed: aside(5, 20), ahead: aside(6, 10), late: aside(8, 12), above_cap: aside(7, 11) };
    assert_eq!(Quarantine::of(&sums), expected);
    assert_eq!(Quarantine::of(&[]), Quarantine::default());
}
