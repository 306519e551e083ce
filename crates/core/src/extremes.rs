//! Every transition on arbitrary valid books, with amounts up to the largest: it gives valid books or a
//! named refusal, and never panics. What lets money out is never refused because numbers do not fit.

mod books;
mod dispute;
mod escrow;
mod numbers;
mod rewards;
mod stake;

use crate::error::{Error, Result};
use crate::params::{Params, Profile};
use crate::testing::{Dice, random_params};
use proptest::prelude::TestCaseError;

type Checked = core::result::Result<(), TestCaseError>;

/// A refusal has a name that is not a broken invariant; what is accepted keeps the invariants.
fn sound<T>(outcome: Result<T>, invariant: impl FnOnce(&T) -> Result<()>) -> Checked {
    let verdict = match &outcome {
        Ok(after) => invariant(after),
        Err(Error::InvariantBroken) => Err(Error::InvariantBroken),
        Err(_) => Ok(()),
    };
    verdict.map_err(|_| TestCaseError::fail("valid books were broken"))
}

/// Sound, and never refused because numbers do not fit.
fn exit<T>(outcome: Result<T>, invariant: impl FnOnce(&T) -> Result<()>) -> Checked {
    if matches!(outcome, Err(Error::MathOverflow)) {
        return Err(TestCaseError::fail("money is trapped behind an overflow"));
    }
    sound(outcome, invariant)
}

/// Parameters of either profile.
fn params(dice: &mut Dice) -> Params {
    let profile = dice.of(&[Profile::Public, Profile::Local]);
    random_params(dice, profile)
}

/// Any second, the first and the last of all included.
fn any_time(dice: &mut Dice) -> i64 {
    match dice.below(6) {
        0 => i64::MAX,
        1 => i64::MIN,
        2 => 0,
        _ => dice.any().cast_signed(),
    }
}

/// A second that a clock may show.
fn time(dice: &mut Dice) -> i64 {
    dice.below(1 << 40).cast_signed()
}
