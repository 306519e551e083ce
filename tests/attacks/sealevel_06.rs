//! Duplicates: every account of an instruction in the place of every other one; what counts, counted twice.

use super::tour::{Account, Attempts, Kind, Stop, before_each};
use crate::program::support::{
    INSUFFICIENT_FUNDS, MISSING, NOT_THE_OWNER, NOT_THE_PROGRAM, WRONG_ADDRESS, WRONG_PROGRAM, WRONG_TYPE, anchor, mira,
};
use anchor_lang::error::ErrorCode;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::FUNDED;
use mira_testkit::scene::dispute::verifiers;
use mira_testkit::world::params;
use mira_testkit::{Refusal, RewardScene, Scene, World};
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_an_account_twice,
        refuses_a_vault_as_its_own_funder,
        refuses_a_vault_as_its_own_payee,
        refuses_a_voters_second_vote,
        refuses_a_key_twice_in_a_set,
        refuses_an_approval_twice,
    ]
}

/// One token account in two places that are written.
const TWICE: ErrorCode = ErrorCode::ConstraintDuplicateMutableAccount;

/// Signers are left out: no account of the program can sign for an attacker.
fn refuses_an_account_twice() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for account in &stop.accounts {
            for other in stop.accounts.iter().filter(|other| other.key != account.key && holds(other)) {
                if let Some(expected) = expected(world, stop, account, other) {
                    let what = format!("{} as {}", other.name, account.name);
                    attempts.refused(world, stop, &stop.with(account, &other.key), &what, expected);
                }
            }
        }
    });
    attempts.assert_at_least(500);
}

/// Programs and sysvars hold nothing of ours.
fn holds(account: &Account) -> bool {
    !matches!(account.kind, Kind::Program | Kind::Event | Kind::Sysvar)
}

fn expected(world: &World, stop: &Stop, account: &Account, other: &Account) -> Option<Refusal> {
    let owner = world.svm.get_account(&other.key).map(|found| found.owner).unwrap_or_default();
    let (books, tokens) = (owner == mira::ID, owner == mira_chain::token::TOKEN_PROGRAM);
    let typed = matches!(account.kind, Kind::Book | Kind::Record | Kind::Tokens | Kind::Mint);
    Some(match account.kind {
        _ if typed && world.lamports(&other.key) == 0 => MISSING.into(),
        Kind::New | Kind::Derived => WRONG_ADDRESS.into(),
        Kind::Book if books => WRONG_TYPE.into(),
        Kind::Book | Kind::Record => WRONG_PROGRAM.into(),
        Kind::Tokens if !tokens => WRONG_PROGRAM.into(),
        Kind::Tokens => tokens_twice(stop, account, other),
        Kind::Mint if !tokens => mira(Error::WrongTokenProgram),
        // One mint may be both.
        Kind::Mint if other.kind == Kind::Mint => return None,
        Kind::Mint => mira(Error::WrongMint),
        Kind::Named if account.name == "stake_mint" => mira(Error::WrongMint),
        Kind::Named => mira(Error::WrongAccount),
        Kind::Program => NOT_THE_PROGRAM.into(),
        Kind::Signer | Kind::Event | Kind::Sysvar => return None,
    })
}

fn tokens_twice(stop: &Stop, account: &Account, other: &Account) -> Refusal {
    match (stop.name, account.name, other.name) {
        ("CloseJob", "vault", "destination") | ("CloseJob", "destination", "vault") => TWICE.into(),
        // The vault is empty yet; see below.
        ("FundJob", "from", "vault") => INSUFFICIENT_FUNDS,
        (_, _, "stake_mint") => Refusal::Instruction(InstructionError::InvalidAccountData),
        (_, "from", _) => NOT_THE_OWNER,
        _ => mira(Error::WrongAccount),
    }
}

/// A job would count as funded what its vault, or another one's, holds already.
fn refuses_a_vault_as_its_own_funder() {
    let mut scene = Scene::job();
    let Scene { world, requester, job, .. } = &mut scene;
    let step = world.fund_job(requester, job, FUNDED);
    let purse = world.payment_purse(&requester.pubkey());
    assert_eq!(world.tampered(&step.clone().swap(&purse, &pda::escrow(job))), NOT_THE_OWNER);
    world.run(&step);
}

/// The requester signs, and could name any account but the very one that is emptied and closed.
fn refuses_a_vault_as_its_own_payee() {
    let mut scene = Scene::job();
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    let step = world.close_job(requester, requester, job);
    let (purse, vault) = (world.payment_purse(&requester.pubkey()), pda::escrow(job));
    let refusal = world.tampered(&step.clone().swap(&purse, &vault));
    assert_eq!(refusal, anchor(TWICE));
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
