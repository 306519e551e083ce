//! Random scripts of every action: whatever happens in whatever order, every invariant holds exactly.

use super::cast::network;
use super::drain::drain;
use super::script::Script;
use super::step::step;
use crate::amount::Stake;
use crate::dispute::Verdict;
use crate::error::Error;
use crate::ledger::{Action, Ledger};
use crate::params::Profile;
use crate::testing::{Dice, local_params, proptest_config};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::vec::Vec;

/// What only the chain can refuse, what a pool never comes to, and what needs more patience than dice
/// have: the module of each has its own tests.
const OUT_OF_REACH: [Error; 14] = [
    Error::WrongMint,
    Error::WrongTokenProgram,
    Error::NotUpgradeAuthority,
    Error::InvalidLabel,
    Error::InvalidTier,
    Error::InvalidUnitKind,
    Error::InvalidDisputeKind,
    Error::VoucherMissing,
    Error::VoucherMalformed,
    Error::VoucherWrongMessage,
    Error::InvariantBroken,
    Error::StakePoolBroken,
    Error::StakeRatioTooHigh,
    Error::TooManyTickets,
];

fn local() -> Ledger {
    network(local_params(), Profile::Local)
}

/// What happened in many scripts.
#[derive(Debug, Default)]
struct Seen {
    /// How often each action was done, and refused.
    actions: BTreeMap<&'static str, (u32, u32)>,
    reasons: BTreeSet<Error>,
    verdicts: [u32; 3],
    /// How often a slash went on to the pool, and how often it paid a requester.
    slashed: (u32, u32),
}

impl Seen {
    fn done(&mut self, before: &Ledger, after: &Ledger, action: &Action) {
        self.actions.entry(action.name()).or_default().0 += 1;
        let Action::ResolveDispute { lease } = action else { return };
        let (dispute, provider) = (&before.disputes[lease], before.leases[lease].provider);
        let verdict = dispute.verdict(&before.network, before.now).unwrap();
        self.verdicts[usize::from(verdict.as_u8())] += 1;
        let taken =
            after.flows.stake_burned + after.flows.stake_out - before.flows.stake_burned - before.flows.stake_out;
        let taken = taken - u128::from(dispute.bond.get());
        let own = before.providers[&provider].books.own_stake().unwrap();
        self.slashed.0 += u32::from(taken > u128::from(own.get()));
        let paid = after.flows.stake_out - before.flows.stake_out;
        self.slashed.1 += u32::from(paid > u128::from(dispute.bond.get()));
        assert!(verdict == Verdict::Upheld || taken == 0);
    }
}

/// The random scripts are worth something only if every kind of action succeeds in them, and is refused
/// in them, often, and for every reason there is.
#[test]
fn scripts_reach_every_action() {
    let mut seen = Seen::default();
    for seed in 0..200 {
        let (mut ledger, mut script, dice) = (local(), Script::default(), &mut Dice::new(seed));
        let mut opening = Script::opening(&ledger, dice).into_iter().filter(|_| seed % 4 > 0);
        for _ in 0..400 {
            let action = opening.next().unwrap_or_else(|| script.improvise(&ledger, dice));
            let before = ledger.clone();
            match ledger.apply(&action) {
                Ok(()) => {
                    seen.done(&before, &ledger, &action);
                    script.observe(&before, &ledger, &action);
                }
                Err(error) => {
                    seen.actions.entry(action.name()).or_default().1 += 1;
                    seen.reasons.insert(error);
                }
            }
        }
    }
    std::println!("{seen:?}");
    // The clock alone cannot be refused.
    assert_eq!(seen.actions.remove("Advance").map(|(_, refused)| refused), Some(0));
    assert_eq!(seen.actions.len(), 38);
    assert!(seen.actions.values().all(|(done, refused)| *done >= 30 && *refused >= 30));
    assert!(seen.verdicts.iter().all(|often| *often >= 30) && seen.slashed.0 >= 30 && seen.slashed.1 >= 30);
    let missing: Vec<&Error> = Error::ALL.iter().filter(|error| !seen.reasons.contains(error)).collect();
    assert!(missing.iter().all(|error| OUT_OF_REACH.contains(error)), "{missing:?}");
}

proptest! {
    #![proptest_config(proptest_config(300))]

    /// Invariants hold after every step; nothing is refused as broken or as too large; and from wherever
    /// a script stops, everyone gets everything out, even if the network is paused for good.
    #[test]
    fn scripts_never_break_the_books(seed: u64, steps in 1usize..350, paused: bool) {
        let (mut ledger, mut script, dice) = (local(), Script::default(), &mut Dice::new(seed));
        let mut opening = Script::opening(&ledger, dice).into_iter().filter(|_| !seed.is_multiple_of(4));
        for _ in 0..steps {
            let action = opening.next().unwrap_or_else(|| script.improvise(&ledger, dice));
            let _done_or_refused = step(&mut ledger, &mut script, &action)?;
        }
        drain(&mut ledger, &mut script, paused)?;
        prop_assert_eq!(ledger.stake_vault, Stake::new(ledger.stake_foreign.get()));
    }
}
