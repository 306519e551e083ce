//! Approving at the last second, so that nobody has time to look: the guardian's window begins with the
//! majority, and approvals of keys that are authorities no more count for nothing.

use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::RewardScene;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        the_window_begins_with_the_majority,
        refuses_to_approve_and_finalize_at_once,
        old_approvals_die_with_their_authorities,
        the_guardian_is_as_late_as_anyone,
    ]
}

/// One authority approves, long before the other: the window has not run meanwhile.
fn the_window_begins_with_the_majority() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, _], stranger, .. } = &mut scene;
    let guardian = world.admin.clone();
    world.run(&world.approve_epoch(one, &first));
    world.advance(10 * params().reward.challenge_secs);
    world.run(&world.approve_epoch(two, &first));
    world.advance(params().reward.challenge_secs - 1);
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochWindowOpen));
    world.run(&world.cancel_epoch(&guardian));
    // Not cancelled, it is final a second later.
    world.run(&world.approve_epoch(one, &first));
    world.run(&world.approve_epoch(two, &first));
    world.advance(params().reward.challenge_secs);
    world.run(&world.finalize_epoch(stranger));
}

fn refuses_to_approve_and_finalize_at_once() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [one, two, _], stranger, .. } = &mut scene;
    world.run(&world.approve_epoch(one, &first));
    let (majority, finalize) = (world.approve_epoch(two, &first), world.finalize_epoch(stranger));
    let mut together = finalize.clone();
    together.instructions = [majority.instructions.clone(), finalize.instructions.clone()].concat();
    together.signers.push(two.clone());
    assert_eq!(world.tampered(&together), mira(Error::EpochWindowOpen));
    world.run(&majority);
    world.advance(params().reward.challenge_secs);
    world.run(&finalize);
}

/// A stolen key approves and is replaced; with one of the new set that makes no majority, nor does what it
/// had helped to make pending become final.
fn old_approvals_die_with_their_authorities() {
    let mut scene = RewardScene::due();
    let first = scene.first();
    let RewardScene { world, authorities: [stolen, two, three], stranger, .. } = &mut scene;
    let admin = world.admin.clone();
    let fresh = world.actor("fresh authority");
    let keys = [&fresh, two, three].map(|key| key.pubkey());
    world.run(&world.approve_epoch(stolen, &first));
    world.run(&world.approve_epoch(two, &first));
    world.run(&world.set_reward_authorities(&admin, &keys));
    world.advance(params().reward.challenge_secs);
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochNotPending));
    assert_eq!(world.refused(&world.approve_epoch(stolen, &first)), mira(Error::WrongSigner));
    world.run(&world.approve_epoch(three, &first));
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochNotPending));
    world.run(&world.approve_epoch(&fresh, &first));
    world.advance(params().reward.challenge_secs);
    world.run(&world.finalize_epoch(stranger));
}

/// What its window let pass is anyone's to make final.
fn the_guardian_is_as_late_as_anyone() {
    let mut scene = RewardScene::pending();
    let guardian = scene.world.admin.clone();
    let cancel = scene.world.cancel_epoch(&guardian);
    scene.world.advance(params().reward.challenge_secs);
    assert_eq!(scene.world.refused(&cancel), mira(Error::EpochNotCancellable));
    let finalize = scene.world.finalize_epoch(&scene.stranger);
    scene.world.run(&finalize);
    assert_eq!(scene.world.refused(&cancel), mira(Error::EpochNotPending));
}
