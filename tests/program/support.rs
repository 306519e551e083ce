//! What the tests of all instructions share: the refusals they expect, and the substitution of every
//! account in turn.

use anchor_lang::error::ErrorCode;
use mira_core::Error;
use mira_testkit::{Refusal, Step, World};

/// An account of another type.
pub const WRONG_TYPE: ErrorCode = ErrorCode::AccountDiscriminatorMismatch;
/// An account of another program.
pub const WRONG_PROGRAM: ErrorCode = ErrorCode::AccountOwnedByWrongProgram;
/// An account that is not at the address its seeds derive.
pub const WRONG_ADDRESS: ErrorCode = ErrorCode::ConstraintSeeds;
/// An account that is not there.
pub const MISSING: ErrorCode = ErrorCode::AccountNotInitialized;
/// A signature that is not there.
pub const UNSIGNED: ErrorCode = ErrorCode::AccountNotSigner;
/// Another program where a certain one is needed.
pub const NOT_THE_PROGRAM: ErrorCode = ErrorCode::InvalidProgramId;
/// The system program's answer to creating an account that exists.
pub const EXISTS: Refusal = Refusal::System(0);
/// The token program's answer to a transfer above the balance.
pub const INSUFFICIENT_FUNDS: Refusal = Refusal::Token(1);
/// The token program's answer to a transfer by somebody else.
pub const NOT_THE_OWNER: Refusal = Refusal::Token(4);

/// A refusal by the protocol's rules.
pub fn mira(error: Error) -> Refusal {
    error.into()
}

/// A refusal by Anchor's checks.
pub fn anchor(error: ErrorCode) -> Refusal {
    error.into()
}

/// The admin pauses the network: nothing new begins, and everything else goes on.
pub fn pause(world: &mut World) {
    let admin = world.admin.clone();
    world.run(&world.set_pause(&admin, true));
}

/// What a copy of an account must meet when it is passed in the account's place.
pub enum Copy {
    /// Refused so.
    Refused(Refusal),
    /// Covered elsewhere, for the reason given: signers by the tests of signers, accounts that may be
    /// any by the tests of what is allowed.
    Elsewhere(&'static str),
}

impl From<ErrorCode> for Copy {
    fn from(error: ErrorCode) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Error> for Copy {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Passes, for each account of a step that would be accepted, a copy with the same owner and bytes at
/// another address (or nothing, where there is nothing yet), and expects the table's refusal. The
/// table names every account, in order; the last two, which events need, are added here.
pub fn copies_are_refused<const N: usize>(world: &mut World, step: &Step, table: [(&str, Copy); N]) {
    let metas = step.instructions.last().unwrap().accounts.clone();
    let events: [(&str, Copy); 2] = [
        ("event_authority", ErrorCode::ConstraintAddress.into()),
        ("program", Copy::Refused(Refusal::Instruction(solana_sdk::instruction::InstructionError::MissingAccount))),
    ];
    let table: Vec<_> = table.into_iter().chain(events).collect();
    assert_eq!(table.len(), metas.len(), "the table names every account");
    for (place, (meta, (name, expected))) in metas.iter().zip(table).enumerate() {
        let expected = match expected {
            Copy::Refused(refusal) => refusal,
            Copy::Elsewhere(reason) => {
                assert!(!reason.is_empty(), "{name} needs a reason");
                continue;
            }
        };
        let copy = world.copy(&meta.pubkey);
        let refusal = world.tampered(&step.clone().swap_at(place, &copy));
        assert_eq!(refusal, expected, "a copy of {name}");
    }
    // The step itself was fine all along.
    world.run(step);
}
