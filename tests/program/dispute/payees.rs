//! Where the end of a dispute pays: any account of a beneficiary that signs; else its associated address,
//! whoever holds the account there.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::event::Event;
use mira_core::Error;
use mira_core::dispute::{DisputeKind, Verdict};
use mira_testkit::scene::dispute::{BOND, EVIDENCE};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        a_challenger_that_signs_names_any_account,
        an_owner_that_signs_names_any_account,
        a_given_away_account_stops_no_verdict,
        an_owner_that_gave_its_account_away_stops_no_verdict,
        the_requester_is_compensated_for_the_voucher_signers_challenge,
        refuses_the_bond_to_anyone_else,
        refuses_a_lost_bond_to_the_challenger,
        refuses_the_compensation_to_anyone_else,
        refuses_a_challenger_that_takes_the_compensation,
        refuses_another_mint,
        refuses_to_leave_the_compensation_out,
    ]
}

/// The places of `resolve_dispute`'s accounts.
const BOND_TO: usize = 7;
const COMPENSATION_TO: usize = 8;
/// What the requester of [`upheld`] receives besides the bond.
const COMPENSATION: u64 = 500;

/// 1,000 were paid, and the owner has stayed silent.
fn upheld() -> Scene {
    let mut scene = Scene::disputed();
    let Scene { world, stranger, signer, lease, .. } = &mut scene;
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    scene.stay_silent();
    scene
}

/// The verifiers are with the owner.
fn rejected() -> Scene {
    let mut scene = Scene::contested();
    scene.vote(&[false, false]);
    scene
}

fn purse(scene: &Scene, actor: &Actor) -> Pubkey {
    scene.world.stake_purse(&actor.pubkey())
}

/// The account at the actor's associated address becomes the stranger's.
fn give_away(scene: &mut Scene, actor: &Actor) -> Pubkey {
    let (account, mint, to) = (purse(scene, actor), scene.world.stake_mint, scene.stranger.pubkey());
    scene.world.put_tokens(account, &to, mint, 0);
    account
}

fn a_challenger_that_signs_names_any_account() {
    let mut scene = upheld();
    let gift = purse(&scene, &scene.dispatcher);
    let step = scene.world.resolve_dispute(&scene.requester, &scene.lease);
    scene.world.run(&step.swap_at(BOND_TO, &gift));
    assert_eq!(scene.world.balance(&gift), Some(PURSE + BOND));
    let mut scene = upheld();
    let step = scene.world.resolve_dispute(&scene.requester, &scene.lease);
    scene.world.run(&step.swap_at(COMPENSATION_TO, &gift));
    assert_eq!(scene.world.balance(&gift), Some(PURSE + COMPENSATION));
}

fn an_owner_that_signs_names_any_account() {
    let mut scene = rejected();
    let gift = purse(&scene, &scene.dispatcher);
    let step = scene.world.resolve_dispute(&scene.owner, &scene.lease);
    scene.world.run(&step.swap_at(BOND_TO, &gift));
    assert_eq!(scene.world.balance(&gift), Some(PURSE + BOND));
}

/// Bond and compensation go to the requester's address, and the provider is free of the lease.
fn a_given_away_account_stops_no_verdict() {
    let mut scene = upheld();
    let requester = scene.requester.clone();
    let account = give_away(&mut scene, &requester);
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&account), Some(BOND + COMPENSATION));
}

fn an_owner_that_gave_its_account_away_stops_no_verdict() {
    let mut scene = rejected();
    let owner = scene.owner.clone();
    let account = give_away(&mut scene, &owner);
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&account), Some(BOND));
}

fn the_requester_is_compensated_for_the_voucher_signers_challenge() {
    let mut scene = by_the_voucher_signer();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&purse(&scene, &scene.signer)), Some(PURSE));
    assert_eq!(scene.world.balance(&purse(&scene, &scene.requester)), Some(PURSE + COMPENSATION));
}

/// As [`upheld`], but the voucher signer has challenged.
fn by_the_voucher_signer() -> Scene {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, lease, .. } = &mut scene;
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    world.run(&world.open_dispute(signer, lease, DisputeKind::NoShow, EVIDENCE));
    world.advance(params().dispute.respond_secs);
    scene
}

fn refuses_the_bond_to_anyone_else() {
    let mut scene = upheld();
    let strangers = purse(&scene, &scene.stranger);
    for actor in [&scene.stranger, &scene.owner] {
        let step = scene.world.resolve_dispute(actor, &scene.lease).swap_at(BOND_TO, &strangers);
        assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount), "{}", actor.name);
    }
    let mut scene = rejected();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease).swap_at(BOND_TO, &strangers);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount));
}

/// The challenger may end its own dispute, but not take back the bond that it lost.
fn refuses_a_lost_bond_to_the_challenger() {
    let mut scene = rejected();
    let challengers = purse(&scene, &scene.requester);
    let step = scene.world.resolve_dispute(&scene.requester, &scene.lease);
    assert_eq!(scene.world.tampered(&step.clone().swap_at(BOND_TO, &challengers)), mira(Error::WrongAccount));
    let receipt = scene.world.run(&step);
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.verdict, event.bond_to), (Verdict::Rejected.as_u8(), scene.owner.pubkey()));
    assert_eq!(scene.world.balance(&challengers), Some(PURSE - BOND));
}

fn refuses_the_compensation_to_anyone_else() {
    let mut scene = upheld();
    let strangers = purse(&scene, &scene.stranger);
    for actor in [&scene.stranger, &scene.owner, &scene.signer] {
        let step = scene.world.resolve_dispute(actor, &scene.lease).swap_at(COMPENSATION_TO, &strangers);
        assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount), "{}", actor.name);
    }
}

/// A hot key may challenge; it can never move the requester's money.
fn refuses_a_challenger_that_takes_the_compensation() {
    let mut scene = by_the_voucher_signer();
    let signers = purse(&scene, &scene.signer);
    let step = scene.world.resolve_dispute(&scene.signer, &scene.lease);
    assert_eq!(scene.world.tampered(&step.swap_at(COMPENSATION_TO, &signers)), mira(Error::WrongAccount));
}

fn refuses_another_mint() {
    let mut scene = upheld();
    let payment = scene.world.payment_purse(&scene.requester.pubkey());
    for place in [BOND_TO, COMPENSATION_TO] {
        let step = scene.world.resolve_dispute(&scene.requester, &scene.lease).swap_at(place, &payment);
        assert_eq!(scene.world.tampered(&step), mira(Error::WrongMint));
    }
}

/// Leaving an account out names the program in its place.
fn refuses_to_leave_the_compensation_out() {
    let mut scene = upheld();
    for actor in [&scene.stranger, &scene.requester] {
        let step = scene.world.resolve_dispute(actor, &scene.lease).swap_at(COMPENSATION_TO, &mira::ID);
        assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount), "{}", actor.name);
    }
}
