//! A reward epoch that the authorities let lie: with too few approvals, agreed on and not finalized, or agreed on
//! and impossible. After its window one stranger's `finalize_epoch` or, once it is stale, `cancel_epoch` ends it,
//! and claims pay. A pause changes nothing.

use super::support::{pause_if, payment};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::{FEES, REWARD, SETTLED, TOTAL};
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        agreed_on,
        agreed_on_and_stale,
        agreed_on_and_cancelled,
        agreed_on_before_the_sweep,
        agreed_on_and_impossible,
        approved_by_too_few,
        final_and_not_claimed,
    ]
}

/// Strangers' cranks pay everybody what the first epoch gives; the treasury has the rest.
fn pays(scene: &mut RewardScene, fees: u64) {
    let before = (payment(&scene.world, &scene.owner), payment(&scene.world, &scene.delegator));
    let claim = scene.claim(&scene.provider, &scene.leaves);
    let RewardScene { world, owner, delegator, stranger, provider, .. } = scene;
    world.run(&claim);
    for staker in [&*owner, delegator] {
        world.run(&world.claim_delegation_reward(stranger, staker, provider));
    }
    let paid = payment(world, owner) - before.0 + payment(world, delegator) - before.1;
    // The index rounds each down.
    assert!((REWARD - 2..=REWARD).contains(&paid), "{paid}");
    assert_eq!(world.balance(&pda::treasury()), Some(fees - TOTAL));
}

fn agreed_on() {
    for paused in [false, true] {
        let mut scene = RewardScene::pending();
        pause_if(&mut scene.world, paused);
        let finalize = scene.world.finalize_epoch(&scene.stranger);
        scene.world.advance(params().reward.challenge_secs - 1);
        assert_eq!(scene.world.refused(&finalize), mira(Error::EpochWindowOpen));
        scene.world.advance(1);
        scene.world.run(&finalize);
        pays(&mut scene, FEES);
    }
}

/// Long after: it may be cancelled by then, but it may be made final too.
fn agreed_on_and_stale() {
    for paused in [false, true] {
        let mut scene = RewardScene::pending();
        pause_if(&mut scene.world, paused);
        scene.world.advance(1_000_000);
        let finalize = scene.world.finalize_epoch(&scene.stranger);
        scene.world.run(&finalize);
        pays(&mut scene, FEES);
    }
}

/// A stranger's cancellation of what is stale loses nobody anything: it is approved again.
fn agreed_on_and_cancelled() {
    for paused in [false, true] {
        let mut scene = RewardScene::pending();
        pause_if(&mut scene.world, paused);
        let cancel = scene.world.cancel_epoch(&scene.stranger);
        scene.world.advance(params().reward.challenge_secs + params().reward.stale_secs - 1);
        assert_eq!(scene.world.refused(&cancel), mira(Error::EpochNotCancellable));
        scene.world.advance(1);
        scene.world.run(&cancel);
        scene.approve(&scene.first());
        scene.finalize();
        pays(&mut scene, FEES);
    }
}

/// It counts fees that lie in a shard: a stranger sweeps first.
fn agreed_on_before_the_sweep() {
    for paused in [false, true] {
        let mut scene = RewardScene::due();
        scene.approve(&scene.leaves.epoch(1, FEES + 1));
        scene.world.advance(params().reward.challenge_secs);
        pause_if(&mut scene.world, paused);
        let finalize = scene.world.finalize_epoch(&scene.stranger);
        assert_eq!(scene.world.refused(&finalize), mira(Error::EpochFeesNotSwept));
        scene.earn(SETTLED + 100);
        scene.world.run(&finalize);
        pays(&mut scene, FEES + 1);
    }
}

fn agreed_on_and_impossible() {
    for paused in [false, true] {
        let mut scene = RewardScene::due();
        scene.approve(&scene.leaves.epoch(1, u64::MAX));
        pause_if(&mut scene.world, paused);
        scene.world.advance(params().reward.challenge_secs + params().reward.stale_secs);
        let finalize = scene.world.finalize_epoch(&scene.stranger);
        assert_eq!(scene.world.refused(&finalize), mira(Error::EpochFeesNotSwept));
        let cancel = scene.world.cancel_epoch(&scene.stranger);
        scene.world.run(&cancel);
        scene.approve(&scene.first());
        scene.finalize();
        pays(&mut scene, FEES);
    }
}

/// It is no state that waits for anyone: the same keys approve something else at any time.
fn approved_by_too_few() {
    for paused in [false, true] {
        let mut scene = RewardScene::due();
        let wrong = scene.leaves.epoch(1, FEES + 99);
        let step = scene.world.approve_epoch(&scene.authorities[0], &wrong);
        scene.world.run(&step);
        pause_if(&mut scene.world, paused);
        scene.world.advance(1_000_000);
        let finalize = scene.world.finalize_epoch(&scene.stranger);
        assert_eq!(scene.world.refused(&finalize), mira(Error::EpochNotPending));
        scene.approve(&scene.first());
        scene.finalize();
        pays(&mut scene, FEES);
    }
}

/// Years later.
fn final_and_not_claimed() {
    for paused in [false, true] {
        let mut scene = RewardScene::settled();
        pause_if(&mut scene.world, paused);
        scene.world.advance(1_000_000_000);
        pays(&mut scene, FEES);
    }
}
