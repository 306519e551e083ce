//! Sysvars: `settle` reads the transaction it runs in, so whoever could show it another transaction could
//! pay itself. No other instruction is handed one: clock and rent come from the runtime.

use super::tour::{Kind, before_each};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::{Actor, Scene, Step};
use solana_sdk::pubkey::Pubkey;
use solana_sdk_ids::sysvar;

pub fn trials() -> Vec<Trial> {
    trials![refuses_forged_instructions, refuses_other_sysvars, only_settle_is_handed_one]
}

/// `settle`'s account of the instructions.
const INSTRUCTIONS: usize = 9;

fn good(scene: &Scene) -> Step {
    scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 10)
}

/// The sysvar's format: how many instructions and where; each with accounts, program and data; which one runs.
fn forged(step: &Step) -> Vec<u8> {
    let one = |program: &Pubkey, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap().to_le_bytes();
        [&[0, 0], program.as_ref(), &length, data].concat()
    };
    let [proof, settle] = step.instructions.as_slice() else { panic!("{step:?}") };
    let (first, second) = (one(&proof.program_id, &proof.data), one(&settle.program_id, &settle.data));
    let offset = |after: usize| u16::try_from(6 + after).unwrap().to_le_bytes();
    let head = [2u16.to_le_bytes(), offset(0), offset(first.len())].concat();
    [head, first, second, 1u16.to_le_bytes().to_vec()].concat()
}

/// In the forged transaction the right key has signed; in the real one nobody has.
fn refuses_forged_instructions() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let fake = Actor::new("forged instructions").pubkey();
    for owner in [sysvar::ID, mira::ID, solana_sdk_ids::system_program::ID] {
        scene.world.put(fake, owner, forged(&step));
        let mut bent = step.clone().swap_at(INSTRUCTIONS, &fake);
        assert_eq!(scene.world.tampered(&bent), mira(Error::WrongAccount));
        bent.instructions.remove(0);
        assert_eq!(scene.world.tampered(&bent), mira(Error::WrongAccount));
    }
    scene.world.run(&step);
}

fn refuses_other_sysvars() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    for other in [sysvar::clock::ID, sysvar::rent::ID, sysvar::slot_hashes::ID, sysvar::epoch_schedule::ID] {
        let bent = step.clone().swap_at(INSTRUCTIONS, &other);
        assert_eq!(scene.world.tampered(&bent), mira(Error::WrongAccount), "{other}");
    }
    scene.world.run(&step);
}

fn only_settle_is_handed_one() {
    before_each(|world, stop| {
        let handed = stop.accounts.iter().filter(|account| {
            let found = world.svm.get_account(&account.key);
            account.kind == Kind::Sysvar || found.is_some_and(|found| found.owner == sysvar::ID)
        });
        let keys: Vec<Pubkey> = handed.map(|account| account.key).collect();
        let expected = if stop.name == "Settle" { vec![sysvar::instructions::ID] } else { Vec::new() };
        assert_eq!(keys, expected, "{}", stop.name);
    });
}
