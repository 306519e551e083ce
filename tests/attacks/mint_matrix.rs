//! Mints and token accounts of Token-2022, with every extension there is, which would let somebody else change
//! what a vault holds: refused wherever a mint or a token account is taken. Wrapped lamports, which nobody can
//! burn: refused as stake. And a mint's freeze authority: what it freezes stops nobody else.

use super::support::{freeze, payment, stake};
use super::tour::{Attempts, Kind, before_each};
use crate::program::support::{WRONG_PROGRAM, mira};
use libtest_mimic::Trial;
use mira_chain::ix::UpdateProviderArgs;
use mira_core::Error;
use mira_testkit::world::{PURSE, mint_bytes, params};
use mira_testkit::{Actor, Refusal, Scene, World};
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        lists_every_extension,
        refuses_mints_with_every_extension,
        refuses_token_accounts_of_the_other_program,
        refuses_wrapped_lamports_as_stake,
        a_frozen_payout_stops_nobody_else,
        a_frozen_refund_goes_elsewhere,
        a_frozen_stakers_account_stops_nobody_else,
    ]
}

const TOKEN_2022: Pubkey = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// The classic mint of wrapped lamports.
const NATIVE_MINT: Pubkey = Pubkey::from_str_const("So11111111111111111111111111111111111111112");
/// The token program's answer to a transfer into or out of a frozen account.
const FROZEN: Refusal = Refusal::Token(17);

/// What a mint may carry, with the number and the bytes of each. The numbers between are of token accounts.
const EXTENSIONS: [(&str, u16, u16); 20] = [
    ("none", 0, 0),
    ("transfer fee", 1, 108),
    ("mint close authority", 3, 32),
    ("confidential transfers", 4, 65),
    ("default account state", 6, 1),
    ("not transferable", 9, 0),
    ("interest", 10, 52),
    ("permanent delegate", 12, 32),
    ("transfer hook", 14, 64),
    ("confidential transfer fee", 16, 129),
    ("metadata pointer", 18, 64),
    ("metadata", 19, 96),
    ("group pointer", 20, 64),
    ("group", 21, 80),
    ("group member pointer", 22, 64),
    ("group member", 23, 72),
    ("confidential mint and burn", 24, 196),
    ("scaled amounts", 25, 56),
    ("pausing", 26, 33),
    ("permissioned burn", 28, 32),
];

/// What only token accounts carry: fees withheld, confidential amounts, an owner that stays, memos, no calls, no
/// transfers, a hook that runs, confidential fees, pausing.
const OF_ACCOUNTS: [u16; 9] = [2, 5, 7, 8, 11, 13, 15, 17, 27];

/// A mint with one extension: the classic bytes, padding to a token account's length, one byte for what it
/// is, then type, length and value.
fn extended((_, number, length): (&str, u16, u16)) -> Vec<u8> {
    let mut data = mint_bytes();
    if number > 0 {
        data.resize(165, 0);
        data.push(1);
        data.extend([number.to_le_bytes(), length.to_le_bytes()].concat());
        data.resize(data.len() + usize::from(length), 0);
    }
    data
}

/// Whether Token-2022 itself takes it for a mint: it says how large token accounts of it have to be.
fn is_a_mint(world: &mut World, key: &Pubkey) -> bool {
    const GET_ACCOUNT_DATA_SIZE: u8 = 21;
    let accounts = vec![AccountMeta::new_readonly(*key, false)];
    let ask = Instruction { program_id: TOKEN_2022, accounts, data: vec![GET_ACCOUNT_DATA_SIZE] };
    world.send(&[ask], &[]).is_ok()
}

/// Whatever number Token-2022 knows is in the table, or of token accounts.
fn lists_every_extension() {
    let mut world = World::bare();
    let mint = Actor::new("mint of Token-2022").pubkey();
    let mut known = Vec::new();
    for number in 0..1_000 {
        world.put(mint, TOKEN_2022, extended(("any", number, 200)));
        if is_a_mint(&mut world, &mint) {
            known.push(number);
        }
    }
    let mut listed: Vec<u16> = EXTENSIONS.iter().map(|(_, number, _)| *number).chain(OF_ACCOUNTS).collect();
    listed.sort_unstable();
    assert_eq!(known, listed);
}

fn refuses_mints_with_every_extension() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::Mint) {
            for extension in EXTENSIONS {
                let mint = Actor::new("mint of Token-2022").pubkey();
                world.put(mint, TOKEN_2022, extended(extension));
                assert!(is_a_mint(world, &mint), "{}", extension.0);
                let what = format!("{} ({})", account.name, extension.0);
                attempts.refused(world, stop, &stop.with(account, &mint), &what, Error::WrongTokenProgram);
            }
        }
    });
    // `initialize` takes two mints, a shard and a job one each.
    attempts.assert_at_least(4 * EXTENSIONS.len());
}

/// The classic program's bytes are good for both; what follows them in the other one is its extensions'.
fn refuses_token_accounts_of_the_other_program() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::Tokens) {
            let classic = world.svm.get_account(&account.key).unwrap().data;
            let immutable_owner = [classic.as_slice(), &[2, 7, 0, 0, 0]].concat();
            for data in [classic, immutable_owner] {
                let tokens = Actor::new("tokens of Token-2022").pubkey();
                world.put(tokens, TOKEN_2022, data);
                attempts.refused(world, stop, &stop.with(account, &tokens), account.name, WRONG_PROGRAM);
            }
        }
    });
    attempts.assert_at_least(2 * 12);
}

/// A dispute that burns would never end: bond, exposure and rent would be the attacker's hostages.
fn refuses_wrapped_lamports_as_stake() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in stop.of(Kind::Mint).filter(|account| account.name == "stake_mint") {
            world.put_mint(NATIVE_MINT);
            attempts.refused(world, stop, &stop.with(account, &NATIVE_MINT), account.name, Error::WrongMint);
        }
    });
    attempts.assert_at_least(1);
}

/// Neither the other provider of the job, nor the requester; and not even the provider itself, once its owner
/// names another account.
fn a_frozen_payout_stops_nobody_else() {
    let mut scene = Scene::lease();
    let (_, _, second) = scene.second_lease(5_000);
    let Scene { world, owner, requester, signer, stranger, lease, job, provider, .. } = &mut scene;
    let purse = world.payment_purse(&owner.pubkey());
    let own = world.settle(stranger, signer, lease, 1_000, 1);
    freeze(world, &purse, true);
    assert_eq!(world.tampered(&own), FROZEN);
    world.run(&world.settle(stranger, signer, &second, 1_000, 1));
    let elsewhere = Actor::new("owner's second account").pubkey();
    world.put_tokens(elsewhere, &owner.pubkey(), world.payment_mint, 0);
    world.run(&world.update_provider(owner, provider, Some(&elsewhere), UpdateProviderArgs::default()));
    assert_eq!(world.tampered(&own), mira(Error::WrongAccount));
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    assert_eq!(world.balance(&elsewhere), Some(990));
    freeze(world, &elsewhere, true);
    world.run(&world.begin_close_job(requester, job));
    world.advance(params().grace_secs);
    for lease in [&*lease, &second] {
        world.run(&world.release_lease(stranger, lease));
    }
    world.run(&world.close_job(stranger, requester, job));
    assert_eq!(payment(world, requester), PURSE - 2_000);
}

/// A stranger can only pay the requester's associated account; the requester names any other one.
fn a_frozen_refund_goes_elsewhere() {
    let mut scene = Scene::job();
    let Scene { world, requester, stranger, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    let purse = world.payment_purse(&requester.pubkey());
    freeze(world, &purse, true);
    assert_eq!(world.tampered(&world.close_job(stranger, requester, job)), FROZEN);
    let elsewhere = world.payment_purse(&stranger.pubkey());
    let step = world.close_job(requester, requester, job).swap(&purse, &elsewhere);
    world.run(&step);
}

fn a_frozen_stakers_account_stops_nobody_else() {
    let mut scene = Scene::provider();
    let Scene { world, owner, stranger, dispatcher, provider, .. } = &mut scene;
    world.run(&world.stake(stranger, provider, 500));
    world.run(&world.request_unstake(stranger, provider, 500));
    world.run(&world.request_unstake(owner, provider, 100));
    world.advance(params().unbonding_secs);
    let purse = world.stake_purse(&owner.pubkey());
    freeze(world, &purse, true);
    assert_eq!(world.tampered(&world.withdraw_stake(dispatcher, owner, provider, 0)), FROZEN);
    world.run(&world.withdraw_stake(dispatcher, stranger, provider, 0));
    assert_eq!(stake(world, stranger), PURSE);
    freeze(world, &purse, false);
    world.run(&world.withdraw_stake(dispatcher, owner, provider, 0));
}
