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

fn audit(state: AuditState, lease: u8, decided_ms: i64, wrong: Option<u8>) -> AuditRow {
    AuditRow {
        job: [9; 32],
        shard: 0,
        lease: [lease; 32],
        provider: [2; 32],
        owner: [3; 32],
        operator: [4; 32],
        output: [5; 32],
        units: Units::new(1),
        seed: 1,
        rate: mira_core::amount::Bps::ONE,
        sampled_ms: 1,
        state,
        asked: None,
        decided_ms: state.is_decided().then_some(decided_ms),
        wrong_lease: wrong.map(|lease| [lease; 32]),
        wrong_provider: wrong.map(|_| [2; 32]),
    }
}

#[test]
fn one_wrong_result_fails_a_lease_and_only_its_own_results_pass_it() {
    let of = |audits: &[AuditRow]| Audit::of(&[1; 32], audits.iter());
    let passed = audit(AuditState::Passed, 1, 10, None);
    let cleared = audit(AuditState::Cleared, 1, 20, Some(2));
    let failed = audit(AuditState::Failed, 1, 40, Some(1));
    // A result that this lease gave for the audit of another one, and that is wrong.
    let lied = audit(AuditState::Cleared, 2, 30, Some(1));
    let open =
        [AuditState::Sampled, AuditState::Mismatch, AuditState::Inconclusive].map(|state| audit(state, 1, 5, None));
    assert_eq!(of(&[]), Audit::NoResult);
    assert_eq!(of(&open), Audit::NoResult);
    assert_eq!((of(std::slice::from_ref(&passed)), of(&[cleared])), (Audit::Passed, Audit::Passed));
    assert_eq!(of(&[audit(AuditState::Passed, 2, 10, None)]), Audit::NoResult);
    assert_eq!(of(&[failed.clone(), passed.clone()]), Audit::Failed { since_ms: 40 });
    assert_eq!(of(&[passed, failed, lied]), Audit::Failed { since_ms: 30 });
}
