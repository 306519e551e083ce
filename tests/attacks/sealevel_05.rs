//! Arbitrary calls: in the place of every program that is called another one, which would do nothing, or
//! something else.

use super::tour::{Attempts, Kind, before_each};
use crate::program::support::{NOT_THE_PROGRAM, anchor};
use anchor_lang::error::ErrorCode;
use libtest_mimic::Trial;
use mira_chain::event::EVENT_TAG;
use mira_chain::pda;
use mira_chain::token::TOKEN_PROGRAM;
use mira_testkit::{Actor, Refusal, Scene, World};
use solana_sdk::instruction::{AccountMeta, Instruction, InstructionError};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![refuses_other_programs, refuses_another_signer_of_events, refuses_forged_events]
}

/// Token-2022, which knows the same instructions.
const TOKEN_2022: Pubkey = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

fn refuses_other_programs() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let mine = attackers_program(world);
        let wallet = world.payer.pubkey();
        for account in stop.of(Kind::Program) {
            let real = if account.name == "token_program" { solana_sdk_ids::system_program::ID } else { TOKEN_PROGRAM };
            for other in [mine, TOKEN_2022, real, mira::ID, wallet] {
                attempts.refused(world, stop, &stop.with(account, &other), account.name, NOT_THE_PROGRAM);
            }
        }
    });
    attempts.assert_at_least(115);
}

/// A program that anyone may put on a chain: the classic token program's own bytes, at another address.
fn attackers_program(world: &mut World) -> Pubkey {
    let address = Actor::new("attacker's token program").pubkey();
    if world.svm.get_account(&address).is_none() {
        let mut copy = world.svm.get_account(&TOKEN_PROGRAM).unwrap();
        copy.lamports = copy.lamports.max(1);
        world.svm.set_account(address, copy).unwrap();
    }
    address
}

/// Events are calls of the program to itself that only it can sign.
fn refuses_another_signer_of_events() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        let mine = attackers_program(world);
        for account in stop.of(Kind::Event) {
            let expected = match account.name {
                "event_authority" => ErrorCode::ConstraintAddress.into(),
                _ => Refusal::Instruction(InstructionError::MissingAccount),
            };
            attempts.refused(world, stop, &stop.with(account, &mine), account.name, expected);
        }
    });
    attempts.assert_at_least(2 * 38);
}

/// An event that nothing stands behind, sent straight to the program: with its own signer of events, which
/// does not sign, and with the attacker in that place, who does. Without the attack: every event of the tour.
fn refuses_forged_events() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, lease, .. } = &mut scene;
    // What follows the tag is not looked at.
    let body = [7; 100];
    let forge = |authority: AccountMeta| Instruction {
        program_id: mira::ID,
        accounts: vec![authority],
        data: [EVENT_TAG.as_slice(), &body].concat(),
    };
    let unsigned = forge(AccountMeta::new_readonly(pda::event_authority(), false));
    assert_eq!(world.send(&[unsigned], &[]).unwrap_err(), anchor(ErrorCode::ConstraintSigner));
    let signed = forge(AccountMeta::new_readonly(stranger.pubkey(), true));
    assert_eq!(world.send(&[signed], &[stranger]).unwrap_err(), anchor(ErrorCode::ConstraintSeeds));
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
}
