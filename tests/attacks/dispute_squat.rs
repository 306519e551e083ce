//! Taking the one dispute that a lease may have before the requester does: only its own side challenges, once,
//! and pays a bond for it.

use super::support::stake;
use crate::program::support::{EXISTS, INSUFFICIENT_FUNDS, NOT_THE_OWNER, mira};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{BOND, EVIDENCE};
use mira_testkit::world::PURSE;
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_everyone_but_the_requesters_side,
        refuses_a_later_voucher_signer,
        refuses_a_second_challenge,
        refuses_a_challenge_without_a_bond,
        a_lost_challenge_costs_its_bond,
        an_address_paid_for_beforehand_is_used,
    ]
}

fn challenge(scene: &Scene) -> Step {
    scene.world.open_dispute(&scene.requester, &scene.lease, DisputeKind::NoShow, EVIDENCE)
}

/// Friends of the provider would challenge for nothing and lose on purpose.
fn refuses_everyone_but_the_requesters_side() {
    let mut scene = Scene::lease();
    let admin = scene.world.admin.clone();
    let (mint, key) = (scene.world.stake_mint, admin.pubkey());
    scene.world.put_purse(&key, mint, PURSE);
    for somebody in [&scene.stranger, &scene.owner, &scene.operator, &scene.dispatcher, &admin] {
        let step = scene.world.open_dispute(somebody, &scene.lease, DisputeKind::NoShow, EVIDENCE);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = challenge(&scene);
    scene.world.run(&step);
}

/// Whom the job names after the opening is nobody to the lease.
fn refuses_a_later_voucher_signer() {
    let mut scene = Scene::lease();
    let Scene { world, requester, stranger, signer, lease, job, .. } = &mut scene;
    world.run(&world.update_job(requester, job, &stranger.pubkey(), None));
    let theirs = world.open_dispute(stranger, lease, DisputeKind::NoShow, EVIDENCE);
    assert_eq!(world.refused(&theirs), mira(Error::WrongSigner));
    world.run(&world.open_dispute(signer, lease, DisputeKind::NoShow, EVIDENCE));
}

/// While it is open, and ever after.
fn refuses_a_second_challenge() {
    let mut scene = Scene::contested();
    let again = challenge(&scene);
    assert_eq!(scene.world.refused(&again), EXISTS);
    scene.vote(&[false, false]);
    let resolve = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&resolve);
    assert_eq!(scene.world.refused(&again), mira(Error::LeaseChallenged));
    // Another lease of the same job is another matter.
    let other = scene.another_lease();
    let step = scene.world.open_dispute(&scene.requester, &other, DisputeKind::NoShow, EVIDENCE);
    scene.world.run(&step);
}

/// Nor with somebody else's.
fn refuses_a_challenge_without_a_bond() {
    let mut scene = Scene::lease();
    let step = challenge(&scene);
    let (requester, mint) = (scene.requester.pubkey(), scene.world.stake_mint);
    let owners = scene.world.stake_purse(&scene.owner.pubkey());
    let own = scene.world.put_purse(&requester, mint, BOND - 1);
    assert_eq!(scene.world.tampered(&step), INSUFFICIENT_FUNDS);
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &owners)), NOT_THE_OWNER);
    scene.world.put_purse(&requester, mint, BOND);
    scene.world.run(&step);
}

/// Spamming providers pays them.
fn a_lost_challenge_costs_its_bond() {
    let mut scene = Scene::contested();
    let owned = stake(&scene.world, &scene.owner);
    scene.vote(&[false, false]);
    let resolve = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&resolve);
    assert_eq!(stake(&scene.world, &scene.requester), PURSE - BOND);
    assert_eq!(stake(&scene.world, &scene.owner), owned + BOND);
}

fn an_address_paid_for_beforehand_is_used() {
    let mut scene = Scene::lease();
    let step = challenge(&scene);
    scene.world.svm.airdrop(&pda::dispute(&scene.lease), 10_000_000_000).unwrap();
    scene.world.run(&step);
}
