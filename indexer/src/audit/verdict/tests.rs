//! Every verdict by name, and every way three parties can answer against a plain majority.

use super::*;
use proptest::prelude::*;

/// A run of a party of its own.
fn ran(party: u8, output: u8) -> Ran {
    Ran {
        lease: [party; 32],
        provider: [50 + party; 32],
        owner: [100 + party; 32],
        operator: [150 + party; 32],
        output: [output; 32],
        units: Units::new(party.into()),
    }
}

#[test]
fn each_end_has_its_way() {
    let first = ran(1, 7);
    let cases: [(&[Ran], Standing, AuditState, Option<u8>); 7] = [
        (&[], Standing::Ask, AuditState::Sampled, None),
        (&[ran(2, 7)], Standing::Passed, AuditState::Passed, None),
        (&[ran(2, 8)], Standing::Ask, AuditState::Mismatch, None),
        (&[ran(2, 8), ran(3, 8)], Standing::Failed, AuditState::Failed, Some(1)),
        (&[ran(2, 8), ran(3, 7)], Standing::Cleared, AuditState::Cleared, Some(2)),
        (&[ran(2, 8), ran(3, 9)], Standing::Inconclusive, AuditState::Inconclusive, None),
        // What was decided by two is not changed by a third.
        (&[ran(2, 7), ran(3, 9)], Standing::Passed, AuditState::Passed, None),
    ];
    for (later, expected, state, wrong) in cases {
        let found = standing(&first, later);
        assert_eq!((found, found.state(later.len())), (expected, state), "{later:?}");
        assert_eq!(found.wrong(&first, later).map(|ran| ran.lease[0]), wrong, "{later:?}");
    }
}

#[test]
fn a_party_does_not_confirm_itself() {
    let first = ran(1, 7);
    let same: [fn(&mut Ran, &Ran); 5] = [
        |later, first| later.provider = first.provider,
        |later, first| later.owner = first.owner,
        |later, first| later.operator = first.operator,
        // One key in two roles is one party too.
        |later, first| later.owner = first.operator,
        |later, first| later.operator = first.owner,
    ];
    for make in same {
        let mut second = ran(2, 7);
        make(&mut second, &first);
        assert_eq!(standing(&first, &[second]), Standing::Inconclusive, "{second:?}");
        // Neither the first nor the second gets a second voice as the third.
        for before in [first, ran(2, 8)] {
            let mut third = ran(3, before.output[0]);
            make(&mut third, &before);
            assert_eq!(standing(&first, &[ran(2, 8), third]), Standing::Inconclusive, "{third:?}");
        }
    }
}

#[test]
fn those_who_ran_it_are_excluded() {
    let keys = |numbers: &[u8]| numbers.iter().map(|number| [*number; 32]).collect::<Vec<_>>();
    assert_eq!(excluded(&ran(1, 7), &[]), keys(&[101, 151]));
    assert_eq!(excluded(&ran(1, 7), &[ran(2, 8)]), keys(&[101, 151, 102, 152]));
    let one_key = Ran { operator: [101; 32], ..ran(1, 7) };
    assert_eq!(excluded(&one_key, &[]), keys(&[101]));
}

proptest! {
    #[test]
    fn the_majority_is_never_called_wrong(outputs in prop::array::uniform3(0u8..3)) {
        let [first, second, third] = [1, 2, 3].map(|party| ran(party, outputs[usize::from(party) - 1]));
        let later = [second, third];
        let found = standing(&first, &later);
        let votes = |ran: &Ran| outputs.iter().filter(|output| **output == ran.output[0]).count();
        match found.wrong(&first, &later) {
            Some(wrong) => prop_assert!(votes(&wrong) == 1 && votes(&third) == 2),
            // The second run agreed, so that no third was asked for; or nobody agrees with anybody.
            None => prop_assert!(first.output == second.output || [first, second, third].iter().all(|ran| votes(ran) == 1)),
        }
    }
}
