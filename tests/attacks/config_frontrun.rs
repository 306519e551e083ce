//! Making the network before its owners do, with one's own mints and parameters: only the program's upgrade
//! authority can, as the loader's own record names it.

use crate::program::support::{EXISTS, UNSIGNED, WRONG_ADDRESS, WRONG_PROGRAM, anchor, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::{artifact, ix, pda};
use mira_core::Error;
use mira_core::params::Profile;
use mira_testkit::world::{CLUSTER_ID, params};
use mira_testkit::{Actor, Refusal, World};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_everyone_else,
        refuses_records_of_ones_own,
        refuses_a_signature_that_is_not_there,
        refuses_when_nobody_may_upgrade,
        refuses_a_second_network,
    ]
}

/// The stranger's `initialize`, over mints of its own, with the loader's record at `record`.
fn strangers(world: &mut World, record: &Pubkey) -> (Instruction, Actor) {
    let stranger = world.actor("stranger");
    let mint = Actor::new("stranger's mint").pubkey();
    world.put_mint(mint);
    let args = ix::InitializeArgs {
        profile: Profile::Local.as_u8(),
        cluster_id: CLUSTER_ID,
        params: ix::NetworkParams::from(&params()),
    };
    let mut instruction = ix::initialize(&stranger.pubkey(), &mint, &mint, args);
    for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == pda::program_data()) {
        meta.pubkey = *record;
    }
    (instruction, stranger)
}

fn refused(world: &mut World, record: &Pubkey) -> Refusal {
    let (instruction, stranger) = strangers(world, record);
    let refusal = world.send(&[instruction], &[&stranger]).unwrap_err();
    assert!(world.state::<state::Config>(&pda::config()).is_none(), "nothing was made");
    refusal
}

/// Without the attack: the upgrade authority makes the network as it wants it.
fn made_by_the_authority(mut world: World) {
    world.initialize();
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!((config.admin, config.stake_mint), (world.admin.pubkey(), world.stake_mint));
}

fn refuses_everyone_else() {
    let mut world = World::bare();
    assert_eq!(refused(&mut world, &pda::program_data()), mira(Error::NotUpgradeAuthority));
    made_by_the_authority(world);
}

/// The stranger is upgrade authority too: of a program of its own, or by a record that it wrote.
fn refuses_records_of_ones_own() {
    let mut world = World::bare();
    let stranger = world.actor("stranger").pubkey();
    let program = Actor::new("stranger's program").pubkey();
    world.svm.add_program(program, artifact::program_elf()).unwrap();
    let loader = solana_sdk_ids::bpf_loader_upgradeable::ID;
    let theirs = Pubkey::find_program_address(&[program.as_ref()], &loader).0;
    let mut record = world.svm.get_account(&pda::program_data()).unwrap();
    record.data[12] = 1;
    record.data[13..45].copy_from_slice(stranger.as_ref());
    // The loader's own record of the stranger's program.
    world.svm.set_account(theirs, record.clone()).unwrap();
    assert_eq!(refused(&mut world, &theirs), anchor(WRONG_ADDRESS));
    // The same bytes in an account of the stranger's.
    let copy = Actor::new("forged record").pubkey();
    record.owner = program;
    world.svm.set_account(copy, record).unwrap();
    assert_eq!(refused(&mut world, &copy), anchor(WRONG_PROGRAM));
    made_by_the_authority(world);
}

fn refuses_a_signature_that_is_not_there() {
    let mut world = World::bare();
    let mut instruction = world.initialize_instruction();
    instruction.accounts[0].is_signer = false;
    assert_eq!(world.send(&[instruction], &[]).unwrap_err(), anchor(UNSIGNED));
    made_by_the_authority(world);
}

/// A program that was given up before its network was made has none, rather than anybody's.
fn refuses_when_nobody_may_upgrade() {
    let mut world = World::bare();
    let record = world.svm.get_account(&pda::program_data()).unwrap();
    let mut given_up = record.clone();
    given_up.data[12] = 0;
    world.svm.set_account(pda::program_data(), given_up).unwrap();
    assert_eq!(refused(&mut world, &pda::program_data()), mira(Error::NotUpgradeAuthority));
    let (instruction, admin) = (world.initialize_instruction(), world.admin.clone());
    assert_eq!(world.send(&[instruction], &[&admin]).unwrap_err(), mira(Error::NotUpgradeAuthority));
    world.svm.set_account(pda::program_data(), record).unwrap();
    made_by_the_authority(world);
}

/// Nobody makes it over, and an upgrade authority that came later is nobody to it.
fn refuses_a_second_network() {
    let mut world = World::bare();
    world.initialize();
    let stranger = world.actor("stranger").pubkey();
    world.set_upgrade_authority(&stranger);
    let (instruction, stranger) = strangers(&mut world, &pda::program_data());
    assert_eq!(world.send(&[instruction], &[&stranger]).unwrap_err(), EXISTS);
    world.compare();
}
