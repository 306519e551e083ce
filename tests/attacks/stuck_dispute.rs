//! A dispute that somebody lets lie, in every state: unanswered, conceded, contested and not voted on, judged
//! either way, without a majority, under verifiers that were replaced. When it is due one stranger's
//! `resolve_dispute` ends it, and bond, compensation and rent go where they belong. A pause changes nothing,
//! nor does a party that has given its account away.

use super::support::{pause_if, stake};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::dispute::BOND;
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        unanswered,
        conceded,
        contested_and_not_voted_on,
        upheld,
        rejected,
        without_a_majority,
        under_replaced_verifiers,
        with_the_losers_account_given_away,
    ]
}

/// What the requester of [`disputed`] gets besides its bond if it was right: half of what was paid.
const COMPENSATION: u64 = 500;

/// 1,000 of the lease were paid, and it is challenged.
fn disputed() -> Scene {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 1);
    scene.world.run(&step);
    scene.challenge();
    scene
}

/// Who has what afterwards, against what it had before the challenge: requester, owner, and the pool.
#[derive(Debug, PartialEq, Eq)]
struct Left(u64, u64, u64);

const UPHELD: Left = Left(PURSE + COMPENSATION, PURSE - STAKED, STAKED - CAP / 2);
const REJECTED: Left = Left(PURSE - BOND, PURSE - STAKED + BOND, STAKED);
const DISMISSED: Left = Left(PURSE, PURSE - STAKED, STAKED);

/// A stranger ends it `wait` seconds from now, and not one second earlier.
fn ends(scene: &mut Scene, paused: bool, wait: u32, left: &Left) {
    pause_if(&mut scene.world, paused);
    let Scene { world, owner, requester, stranger, lease, .. } = scene;
    if wait > 0 {
        world.advance(wait - 1);
        let early = world.resolve_dispute(stranger, lease);
        assert_eq!(world.refused(&early), mira(Error::DisputeNotDue));
        world.advance(1);
    }
    let (rent, before) = (world.lamports(&pda::dispute(lease)), world.lamports(&requester.pubkey()));
    world.run(&world.resolve_dispute(stranger, lease));
    assert_eq!(world.lamports(&requester.pubkey()), before + rent);
    let pool = world.balance(&pda::stake_vault()).unwrap();
    assert_eq!(Left(stake(world, requester), stake(world, owner), pool), *left);
}

fn unanswered() {
    for paused in [false, true] {
        ends(&mut disputed(), paused, params().dispute.respond_secs, &UPHELD);
    }
}

fn conceded() {
    for paused in [false, true] {
        let mut scene = disputed();
        let step = scene.world.respond_dispute(&scene.owner, &scene.lease, None);
        scene.world.run(&step);
        ends(&mut scene, paused, 0, &UPHELD);
    }
}

/// Contested, with these votes.
fn voted(votes: &[bool]) -> Scene {
    let mut scene = disputed();
    scene.contest();
    scene.vote(votes);
    scene
}

fn contested_and_not_voted_on() {
    for paused in [false, true] {
        ends(&mut voted(&[]), paused, params().dispute.vote_secs, &DISMISSED);
    }
}

fn upheld() {
    for paused in [false, true] {
        ends(&mut voted(&[true, true]), paused, 0, &UPHELD);
        ends(&mut voted(&[false, true, true]), paused, 0, &UPHELD);
    }
}

fn rejected() {
    for paused in [false, true] {
        ends(&mut voted(&[false, false]), paused, 0, &REJECTED);
        ends(&mut voted(&[true, false, false]), paused, 0, &REJECTED);
    }
}

fn without_a_majority() {
    for paused in [false, true] {
        ends(&mut voted(&[true]), paused, params().dispute.vote_secs, &DISMISSED);
        ends(&mut voted(&[true, false]), paused, params().dispute.vote_secs, &DISMISSED);
    }
}

fn under_replaced_verifiers() {
    for paused in [false, true] {
        let mut scene = voted(&[true]);
        let admin = scene.world.admin.clone();
        let step = scene.world.set_verifiers(&admin, &[scene.stranger.pubkey()]);
        scene.world.run(&step);
        ends(&mut scene, paused, 0, &DISMISSED);
    }
}

/// Whoever does not want the verdict hands the account that it would be paid to over to somebody else: what is
/// its goes there all the same.
fn with_the_losers_account_given_away() {
    for votes in [[true, true], [false, false]] {
        let mut scene = voted(&votes);
        let Scene { world, owner, requester, stranger, lease, .. } = &mut scene;
        let heir = Actor::new("heir").pubkey();
        for party in [&*owner, requester] {
            let purse = world.stake_purse(&party.pubkey());
            world.put_tokens(purse, &heir, world.stake_mint, 0);
        }
        world.run(&world.resolve_dispute(stranger, lease));
        let expected = if votes[0] { (BOND + COMPENSATION, 0) } else { (0, BOND) };
        assert_eq!((stake(world, requester), stake(world, owner)), expected);
    }
}
