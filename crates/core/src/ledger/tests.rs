//! Random scripts: whatever happens in whatever order, every invariant holds exactly.

mod script;

use super::*;
use crate::error::Error;
use crate::testing::{local_params, proptest_config};
use proptest::prelude::*;
use script::{Cast, NOW};

fn network() -> Ledger {
    let mut ledger = Ledger::initialize(local_params(), Profile::Local, NOW).unwrap();
    for shard in 0..16 {
        ledger.apply(&Action::InitFeeShard { shard }).unwrap();
    }
    ledger
}

#[test]
fn refuses_bad_parameters() {
    let params = Params { grace_secs: 0, ..local_params() };
    assert_eq!(Ledger::initialize(params, Profile::Local, NOW), Err(Error::InvalidParams));
}

#[test]
fn the_whole_loop_pays_to_the_last_unit() {
    let (mut ledger, mut cast) = (network(), Cast::default());
    for action in cast.whole_loop(&ledger) {
        let before = ledger.clone();
        assert_eq!(ledger.apply(&action), Ok(()), "{action:?}");
        assert_eq!(ledger.check(), Ok(()), "{action:?}");
        assert_eq!(before.check_step(&ledger), Ok(()), "{action:?}");
    }
    assert!(ledger.jobs.is_empty() && ledger.leases.is_empty() && ledger.positions.is_empty());
    assert_eq!(ledger.stake_vault, Stake::ZERO);
    assert_eq!(ledger.flows.payment_in, ledger.flows.payment_out + u128::from(ledger.rewards.vault.get()));
}

#[test]
fn a_refusal_changes_nothing() {
    let mut ledger = network();
    let before = ledger.clone();
    let unknown = [9; 32];
    let refused = [
        Action::FundJob { job: unknown, amount: Payment::new(1) },
        Action::Stake { provider: unknown, staker: unknown, amount: Stake::new(1) },
        Action::EndLease { lease: unknown },
        Action::InitFeeShard { shard: 16 },
        Action::InitFeeShard { shard: 3 },
    ];
    for action in refused {
        assert_eq!(ledger.apply(&action), Err(Error::WrongAccount));
        assert_eq!(ledger, before);
    }
    assert_eq!(ledger.apply(&Action::SweepFees { shard: 0 }), Err(Error::NothingToSweep));
}

#[test]
fn the_check_sees_a_stolen_unit() {
    let (mut ledger, mut cast) = (network(), Cast::default());
    for action in cast.whole_loop(&ledger).into_iter().take(6) {
        ledger.apply(&action).unwrap();
    }
    assert_eq!(ledger.check(), Ok(()));
    let mut thief = ledger.clone();
    thief.stake_vault = thief.stake_vault.checked_sub(Stake::new(1)).unwrap();
    assert_eq!(thief.check().unwrap_err().invariant, 3);
    let mut thief = ledger.clone();
    for job in thief.jobs.values_mut() {
        job.vault = job.vault.checked_sub(Payment::new(1)).unwrap();
    }
    assert_eq!(thief.check().unwrap_err().invariant, 1);
    let mut thief = ledger.clone();
    thief.leases.clear();
    assert_eq!(thief.check().unwrap_err().invariant, 2);
    assert_eq!(ledger.check_step(&thief).unwrap_err().invariant, 7);
    let mut thief = ledger;
    thief.rewards.books.swept = Payment::new(1);
    assert_eq!(thief.check().unwrap_err().invariant, 5);
}

/// The random scripts are worth something only if every kind of action succeeds in them, often.
#[test]
fn scripts_reach_every_action() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::new(proptest_config(1));
    let strategy = prop::collection::vec(any::<[u64; 4]>(), 200..201);
    let mut succeeded = std::collections::BTreeMap::new();
    for _ in 0..200 {
        let (mut ledger, mut cast) = (network(), Cast::default());
        for dice in strategy.new_tree(&mut runner).unwrap().current() {
            let action = cast.improvise(&ledger, dice);
            let text = std::format!("{action:?}");
            let name = text.split([' ', '{']).next().unwrap_or_default();
            *succeeded.entry(std::string::String::from(name)).or_insert(0u32) +=
                u32::from(ledger.apply(&action).is_ok());
        }
    }
    assert_eq!(succeeded.remove("InitFeeShard"), None);
    assert_eq!(succeeded.len(), 16);
    assert!(succeeded.values().all(|count| *count >= 50), "{succeeded:?}");
}

proptest! {
    #![proptest_config(proptest_config(600))]

    /// Invariants hold after every step; nothing is refused as broken; and from wherever a script
    /// stops, strangers and owners can get everything out.
    #[test]
    fn scripts_never_break_the_books(script in prop::collection::vec(any::<[u64; 4]>(), 1..250)) {
        let (mut ledger, mut cast) = (network(), Cast::default());
        for dice in script {
            let action = cast.improvise(&ledger, dice);
            let before = ledger.clone();
            match ledger.apply(&action) {
                Ok(()) => {}
                Err(Error::InvariantBroken | Error::MathOverflow) => {
                    prop_assert!(false, "{action:?} broke the books");
                }
                Err(_) => prop_assert_eq!(&ledger, &before),
            }
            prop_assert_eq!(ledger.check(), Ok(()), "after {:?}", action);
            prop_assert_eq!(before.check_step(&ledger), Ok(()), "after {:?}", action);
        }
        drain(&mut ledger)?;
    }
}

/// Cranks everything to its end: no state traps money.
fn drain(ledger: &mut Ledger) -> core::result::Result<(), TestCaseError> {
    let mut run = |action: Action| {
        let outcome = ledger.apply(&action);
        prop_assert_eq!(outcome, Ok(()), "{:?}", action);
        prop_assert_eq!(ledger.check(), Ok(()), "after {:?}", action);
        Ok(ledger.clone())
    };
    let mut seen = run(Action::Advance { secs: 2_000 })?;
    for (lease, entry) in seen.leases.clone() {
        if !entry.books.released {
            run(Action::ReleaseLease { lease })?;
        }
    }
    seen = run(Action::Advance { secs: 2_000 })?;
    for lease in seen.leases.into_keys() {
        run(Action::EndLease { lease })?;
    }
    for job in seen.jobs.into_keys() {
        run(Action::CloseJob { job })?;
    }
    for ((provider, staker), position) in seen.positions {
        for _ in &position.tickets {
            run(Action::WithdrawStake { provider, staker, ticket: 0 })?;
        }
        if !position.shares.is_zero() {
            run(Action::RequestUnstake { provider, staker, shares: position.shares })?;
            run(Action::Advance { secs: 2_000 })?;
            run(Action::WithdrawStake { provider, staker, ticket: 0 })?;
        }
    }
    let end = run(Action::Advance { secs: 0 })?;
    prop_assert!(end.positions.is_empty() && end.jobs.is_empty() && end.leases.is_empty());
    prop_assert_eq!(end.stake_vault, end.stake_foreign);
    Ok(())
}
