//! Duplicates: every account of an instruction in the place of every other one; what counts, counted twice.

use super::tour::{Account, Attempts, Kind, Stop, before_each};
use crate::program::support::{NOT_THE_OWNER, WRONG_ADDRESS, WRONG_PROGRAM, WRONG_TYPE, anchor, mira};
use anchor_lang::error::ErrorCode;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::scene::dispute::verifiers;
use mira_testkit::{Refusal, RewardScene, Scene, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_an_account_twice,
        refuses_a_vault_as_its_own_payee,
        refuses_a_voters_second_vote,
        refuses_a_key_twice_in_a_set,
        refuses_an_approval_twice,
    ]
}

/// Signers are left out: no account of the program can sign for an attacker.
fn refuses_an_account_twice() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in &stop.accounts {
            for other in stop.accounts.iter().filter(|other| other.key != account.key) {
                if let Some(expected) = expected(world, stop, account, other) {
                    let what = format!("{} as {}", other.name, account.name);
                    attempts.refused(world, stop, &stop.with(account, &other.key), &what, expected);
                }
            }
        }
    });
    attempts.assert(0);
}

fn expected(world: &World, stop: &Stop, account: &Account, other: &Account) -> Option<Refusal> {
    let owner = world.svm.get_account(&other.key).map(|found| found.owner).unwrap_or_default();
    let (books, tokens) = (owner == mira::ID, owner == mira_chain::token::TOKEN_PROGRAM);
    Some(match account.kind {
        Kind::New | Kind::Derived => WRONG_ADDRESS.into(),
        Kind::Book if books => WRONG_TYPE.into(),
        Kind::Book | Kind::Record => WRONG_PROGRAM.into(),
        Kind::Tokens if !tokens => WRONG_PROGRAM.into(),
        Kind::Tokens => tokens_twice(stop, account, other),
        Kind::Mint if !tokens => mira(Error::WrongTokenProgram),
        Kind::Mint => mira(Error::WrongMint),
        Kind::Named if account.name == "stake_mint" => mira(Error::WrongMint),
        Kind::Named => mira(Error::WrongAccount),
        Kind::Program => ErrorCode::InvalidProgramId.into(),
        Kind::Signer | Kind::Event | Kind::Sysvar => return None,
    })
}

fn tokens_twice(stop: &Stop, account: &Account, _other: &Account) -> Refusal {
    match (stop.name, account.name) {
        (_, "from") => NOT_THE_OWNER,
        _ => mira(Error::WrongAccount),
    }
}

/// The requester signs, and could name any account but the very one that is emptied and closed.
fn refuses_a_vault_as_its_own_payee() {
    let mut scene = Scene::job();
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * mira_testkit::world::params().job_id_window_secs);
    let step = world.close_job(requester, requester, job);
    let (purse, vault) = (world.payment_purse(&requester.pubkey()), mira_chain::pda::escrow(job));
    let refusal = world.tampered(&step.clone().swap(&purse, &vault));
    assert_eq!(refusal, anchor(ErrorCode::ConstraintDuplicateMutableAccount));
    world.run(&step);
}

fn refuses_a_voters_second_vote() {
    let mut scene = Scene::contested();
    scene.vote(&[true]);
    let [one, two, _] = verifiers();
    for uphold in [true, false] {
        let step = scene.world.vote_dispute(&one, &scene.lease, uphold);
        assert_eq!(scene.world.refused(&step), mira(Error::AlreadyVoted));
    }
    let step = scene.world.vote_dispute(&two, &scene.lease, true);
    scene.world.run(&step);
}

/// One person listed twice would have two votes.
fn refuses_a_key_twice_in_a_set() {
    let mut scene = Scene::network();
    let Scene { world, owner, operator, stranger, .. } = &mut scene;
    let admin = world.admin.clone();
    let twice: [Pubkey; 3] = [&*owner, operator, owner].map(|actor| actor.pubkey());
    let once: [Pubkey; 3] = [&*owner, operator, stranger].map(|actor| actor.pubkey());
    assert_eq!(world.refused(&world.set_verifiers(&admin, &twice)), mira(Error::InvalidKeySet));
    assert_eq!(world.refused(&world.set_reward_authorities(&admin, &twice)), mira(Error::InvalidKeySet));
    world.run(&world.set_verifiers(&admin, &once));
    world.run(&world.set_reward_authorities(&admin, &once));
}

fn refuses_an_approval_twice() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, _], .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    assert_eq!(world.refused(&world.approve_epoch(one, &first)), mira(Error::NothingChanges));
    world.run(&world.approve_epoch(two, &first));
}
