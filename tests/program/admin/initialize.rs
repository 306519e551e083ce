//! `initialize`: once, by the upgrade authority, over classic mints, within the bounds.

use crate::program::support::{EXISTS, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, WRONG_PROGRAM, anchor, mira};
use anchor_lang::error::ErrorCode;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::params::Profile;
use mira_testkit::world::{CLUSTER_ID, START, mint_bytes, params};
use mira_testkit::{Actor, Refusal, World};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        writes_the_network,
        takes_one_mint_for_both,
        uses_addresses_that_were_sent_lamports,
        refuses_all_but_the_upgrade_authority,
        refuses_a_program_without_authority,
        refuses_a_second_network,
        refuses_parameters_out_of_bounds,
        refuses_mints_that_are_not_classic,
        refuses_stake_that_cannot_be_burned,
        refuses_other_accounts,
    ]
}

/// The mint of wrapped lamports.
const NATIVE_MINT: Pubkey = Pubkey::from_str_const("So11111111111111111111111111111111111111112");
/// Token-2022's id.
const TOKEN_2022: Pubkey = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

fn refused(world: &mut World, instruction: Instruction) -> Refusal {
    let admin = world.admin.clone();
    let refusal = world.send(&[instruction], &[&admin]).unwrap_err();
    assert!(world.state::<state::Config>(&pda::config()).is_none(), "nothing was made");
    refusal
}

fn with_args(world: &World, change: impl FnOnce(&mut ix::InitializeArgs)) -> Instruction {
    let mut args = ix::InitializeArgs {
        profile: Profile::Local.as_u8(),
        cluster_id: CLUSTER_ID,
        params: ix::NetworkParams::from(&params()),
    };
    change(&mut args);
    ix::initialize(&world.admin.pubkey(), &world.stake_mint, &world.payment_mint, args)
}

fn with_account(world: &World, from: Pubkey, to: Pubkey) -> Instruction {
    let mut instruction = world.initialize_instruction();
    for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == from) {
        meta.pubkey = to;
    }
    instruction
}

fn writes_the_network() {
    let mut world = World::bare();
    world.initialize();
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!(config.admin, world.admin.pubkey());
    assert_eq!((config.stake_mint, config.payment_mint), (world.stake_mint, world.payment_mint));
    assert_eq!((config.cluster_id, config.profile), (CLUSTER_ID, Profile::Local.as_u8()));
    assert_eq!(config.params().unwrap(), params());
    assert_eq!((config.version, config.seq), (state::VERSION, 1));
    assert_eq!((config.guardian, config.pending_admin, config.paused), (world.admin.pubkey(), None, false));
    assert!(config.reward_authorities.is_empty() && config.verifiers.is_empty());
    let rewards: state::RewardState = world.state(&pda::rewards()).unwrap();
    assert_eq!((rewards.last_at, rewards.seq), (START, 0));
    let [Event::NetworkInitialized(event)] = world.events.as_slice() else { panic!("{:?}", world.events) };
    assert_eq!((event.config, event.config_seq, event.admin), (pda::config(), 1, world.admin.pubkey()));
    assert_eq!(event.params.to_core().unwrap(), params());
    assert_eq!((event.rewards, event.rewards_last_at), (pda::rewards(), START));
}

fn takes_one_mint_for_both() {
    let mut world = World::bare();
    world.payment_mint = world.stake_mint;
    world.initialize();
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!(config.stake_mint, config.payment_mint);
}

fn uses_addresses_that_were_sent_lamports() {
    let mut world = World::bare();
    for address in [pda::config(), pda::rewards(), pda::stake_vault(), pda::reward_vault(), pda::treasury()] {
        world.svm.airdrop(&address, 1_000_000).unwrap();
    }
    world.initialize();
}

fn refuses_all_but_the_upgrade_authority() {
    let mut world = World::bare();
    let stranger = world.actor("stranger");
    let instruction = with_account(&world, world.admin.pubkey(), stranger.pubkey());
    let refusal = world.send(&[instruction], &[&stranger]).unwrap_err();
    assert_eq!(refusal, mira(Error::NotUpgradeAuthority));
    let mut unsigned = world.initialize_instruction();
    unsigned.accounts[0].is_signer = false;
    assert_eq!(refused(&mut world, unsigned), anchor(UNSIGNED));
}

fn refuses_a_program_without_authority() {
    let mut world = World::bare();
    let mut record = world.svm.get_account(&pda::program_data()).unwrap();
    record.data[12] = 0;
    world.svm.set_account(pda::program_data(), record).unwrap();
    let instruction = world.initialize_instruction();
    assert_eq!(refused(&mut world, instruction), mira(Error::NotUpgradeAuthority));
}

fn refuses_a_second_network() {
    let mut world = World::bare();
    world.initialize();
    let admin = world.admin.clone();
    let again = world.initialize_instruction();
    assert_eq!(world.send(&[again], &[&admin]), Err(EXISTS));
    world.compare();
}

fn refuses_parameters_out_of_bounds() {
    let mut world = World::bare();
    let invalid = mira(Error::InvalidParams);
    let cases: [fn(&mut ix::InitializeArgs); 9] = [
        |args| args.profile = 2,
        |args| args.profile = Profile::Public.as_u8(),
        |args| args.cluster_id = [0; 32],
        |args| args.params.fee_bps = 0,
        |args| args.params.fee_bps = 10_001,
        |args| args.params.min_stake = 0,
        |args| args.params.grace_secs = 0,
        |args| args.params.unbonding_secs = 179,
        |args| args.params.job_id_window_secs = 301,
    ];
    for (number, change) in cases.into_iter().enumerate() {
        let instruction = with_args(&world, change);
        assert_eq!(refused(&mut world, instruction), invalid, "case {number}");
    }
}

fn refuses_mints_that_are_not_classic() {
    let mut world = World::bare();
    let strange = Actor::new("strange mint").pubkey();
    let wallet = world.payer.pubkey();
    let purse = world.put_purse(&wallet, world.payment_mint, 5);
    for mint in [world.stake_mint, world.payment_mint] {
        let instruction = with_account(&world, mint, strange);
        assert_eq!(refused(&mut world, instruction.clone()), anchor(crate::program::support::MISSING));
        world.put(strange, TOKEN_2022, mint_bytes());
        assert_eq!(refused(&mut world, instruction.clone()), mira(Error::WrongTokenProgram));
        world.put(strange, mira_chain::token::TOKEN_PROGRAM, vec![0; mint_bytes().len()]);
        assert_eq!(refused(&mut world, instruction), mira(Error::WrongMint));
        let instruction = with_account(&world, mint, purse);
        assert_eq!(refused(&mut world, instruction), mira(Error::WrongMint));
        let instruction = with_account(&world, mint, wallet);
        assert_eq!(refused(&mut world, instruction), mira(Error::WrongTokenProgram));
        world.svm.set_account(strange, Default::default()).unwrap();
    }
}

/// Wrapped lamports are a classic mint: good for payments, but the token program burns none of them.
fn refuses_stake_that_cannot_be_burned() {
    let mut world = World::bare();
    let own = world.stake_mint;
    world.put_mint(NATIVE_MINT);
    world.stake_mint = NATIVE_MINT;
    let instruction = world.initialize_instruction();
    assert_eq!(refused(&mut world, instruction), mira(Error::WrongMint));
    world.payment_mint = NATIVE_MINT;
    let instruction = world.initialize_instruction();
    assert_eq!(refused(&mut world, instruction), mira(Error::WrongMint));
    world.stake_mint = own;
    world.initialize();
    assert_eq!(world.state::<state::Config>(&pda::config()).unwrap().payment_mint, NATIVE_MINT);
}

fn refuses_other_accounts() {
    let mut world = World::bare();
    let elsewhere = [pda::config(), pda::rewards(), pda::stake_vault(), pda::reward_vault(), pda::treasury()];
    for address in elsewhere {
        let copy = world.copy(&address);
        let instruction = with_account(&world, address, copy);
        assert_eq!(refused(&mut world, instruction), anchor(WRONG_ADDRESS), "{address}");
    }
    let copy = world.copy(&pda::event_authority());
    let instruction = with_account(&world, pda::event_authority(), copy);
    assert_eq!(refused(&mut world, instruction), anchor(ErrorCode::ConstraintAddress));
    let copy = world.copy(&pda::program_data());
    let instruction = with_account(&world, pda::program_data(), copy);
    assert_eq!(refused(&mut world, instruction), anchor(WRONG_ADDRESS));
    let wallet = world.payer.pubkey();
    let instruction = with_account(&world, pda::program_data(), wallet);
    assert_eq!(refused(&mut world, instruction), anchor(WRONG_PROGRAM));
    for program in [mira_chain::token::TOKEN_PROGRAM, solana_sdk_ids::system_program::ID] {
        let instruction = with_account(&world, program, solana_sdk_ids::ed25519_program::ID);
        assert_eq!(refused(&mut world, instruction), anchor(NOT_THE_PROGRAM));
    }
}
