//! `cancel_epoch`: the guardian inside its window, anyone once it is stale, nobody in between.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::hash::Sha2;
use mira_testkit::RewardScene;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        the_guardian_cancels_inside_the_window,
        the_guardian_cancels_to_the_windows_last_second,
        anyone_cancels_what_is_stale,
        the_same_epoch_may_be_approved_again,
        refuses_everybody_else_inside_the_window,
        refuses_a_former_guardian,
        refuses_when_nothing_is_pending,
        refuses_what_is_final,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

fn the_guardian_cancels_inside_the_window() {
    let mut scene = RewardScene::pending();
    let first = scene.first();
    let world = &mut scene.world;
    let guardian = world.admin.clone();
    let before: state::RewardState = world.state(&pda::rewards()).unwrap();
    let receipt = world.run(&world.cancel_epoch(&guardian));
    let [Event::EpochCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.rewards, event.rewards_seq), (pda::rewards(), before.seq + 1));
    assert_eq!((event.actor, event.index), (guardian.pubkey(), 1));
    assert_eq!(event.digest, first.digest::<Sha2>());
    let after: state::RewardState = world.state(&pda::rewards()).unwrap();
    let expected = state::RewardState { pending: None, approvals: vec![], seq: before.seq + 1, ..before };
    assert_eq!(after, expected);
}

fn the_guardian_cancels_to_the_windows_last_second() {
    let mut scene = RewardScene::pending();
    let world = &mut scene.world;
    let guardian = world.admin.clone();
    let step = world.cancel_epoch(&guardian);
    world.advance(params().reward.challenge_secs);
    assert_eq!(world.refused(&step), mira(Error::EpochNotCancellable));
    let mut scene = RewardScene::pending();
    scene.world.advance(params().reward.challenge_secs - 1);
    scene.world.run(&step);
}

fn anyone_cancels_what_is_stale() {
    let mut scene = RewardScene::pending();
    let RewardScene { world, stranger, .. } = &mut scene;
    let guardian = world.admin.clone();
    world.advance(params().reward.challenge_secs + params().reward.stale_secs - 1);
    for actor in [&guardian, stranger] {
        assert_eq!(world.refused(&world.cancel_epoch(actor)), mira(Error::EpochNotCancellable));
    }
    world.advance(1);
    let receipt = world.run(&world.cancel_epoch(stranger));
    let [Event::EpochCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!(event.actor, stranger.pubkey());
}

fn the_same_epoch_may_be_approved_again() {
    let mut scene = RewardScene::pending();
    let guardian = scene.world.admin.clone();
    let step = scene.world.cancel_epoch(&guardian);
    scene.world.run(&step);
    scene.approve(&scene.first());
    scene.finalize();
}

fn refuses_everybody_else_inside_the_window() {
    let mut scene = RewardScene::pending();
    let RewardScene { world, stranger, owner, authorities: [one, ..], .. } = &mut scene;
    for actor in [&*stranger, owner, one] {
        assert_eq!(world.refused(&world.cancel_epoch(actor)), mira(Error::EpochNotCancellable));
    }
}

fn refuses_a_former_guardian() {
    let mut scene = RewardScene::pending();
    let RewardScene { world, stranger, .. } = &mut scene;
    let admin = world.admin.clone();
    world.run(&world.set_guardian(&admin, stranger));
    assert_eq!(world.refused(&world.cancel_epoch(&admin)), mira(Error::EpochNotCancellable));
    world.run(&world.cancel_epoch(stranger));
}

fn refuses_when_nothing_is_pending() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, ..], .. } = &mut scene;
    let guardian = world.admin.clone();
    let step = world.cancel_epoch(&guardian);
    assert_eq!(world.refused(&step), mira(Error::EpochNotPending));
    world.run(&world.approve_epoch(one, &first));
    assert_eq!(world.refused(&step), mira(Error::EpochNotPending));
}

fn refuses_what_is_final() {
    let mut scene = RewardScene::settled();
    let guardian = scene.world.admin.clone();
    let step = scene.world.cancel_epoch(&guardian);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochNotPending));
    scene.world.advance(1_000);
    assert_eq!(scene.world.refused(&step), mira(Error::EpochNotPending));
}

fn refuses_without_a_signature() {
    let mut scene = RewardScene::pending();
    let (guardian, stranger) = (scene.world.admin.clone(), scene.stranger.clone());
    let step = scene.world.cancel_epoch(&guardian);
    assert_eq!(scene.world.tampered(&step.clone().unsigned(&guardian.pubkey())), anchor(UNSIGNED));
    assert_eq!(scene.world.tampered(&step.signed_by(&guardian, &stranger)), mira(Error::EpochNotCancellable));
}

fn refuses_other_accounts() {
    let mut scene = RewardScene::pending();
    let guardian = scene.world.admin.clone();
    let step = scene.world.cancel_epoch(&guardian);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("actor", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
        ],
    );
}
