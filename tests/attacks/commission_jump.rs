//! Raising the commission before a claim: a rise waits as long as unbonding takes, a claim waits for nobody.

use super::support::payment;
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::ix;
use mira_core::Error;
use mira_testkit::scene::reward::REWARD;
use mira_testkit::world::params;
use mira_testkit::{Actor, RewardScene};

pub fn trials() -> Vec<Trial> {
    trials![
        a_rise_takes_nothing_of_what_can_be_claimed,
        a_fall_and_a_rise_wait_as_long,
        announcing_again_waits_again,
        an_owner_that_cannot_be_paid_holds_nothing_back,
    ]
}

/// The owner keeps a twentieth; the delegator has two fifths of the stake, and the index rounds down.
const OWNERS: u64 = REWARD / 20;
const DELEGATORS: u64 = 265_999;

/// The owner says what it will keep, in hundredths of a percent.
fn announce(scene: &mut RewardScene, bps: u16) {
    let RewardScene { world, owner, provider, .. } = scene;
    let args = ix::UpdateProviderArgs { commission_bps: Some(bps), ..Default::default() };
    world.run(&world.update_provider(owner, provider, None, args));
}

/// What owner and delegator have of a claim now.
fn claimed(scene: &mut RewardScene) -> (u64, u64) {
    let before = payments(scene);
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
    let RewardScene { world, delegator, stranger, provider, .. } = scene;
    world.run(&world.claim_delegation_reward(stranger, delegator, provider));
    let after = payments(scene);
    (after.0 - before.0, after.1 - before.1)
}

fn payments(scene: &RewardScene) -> (u64, u64) {
    (payment(&scene.world, &scene.owner), payment(&scene.world, &scene.delegator))
}

fn a_rise_takes_nothing_of_what_can_be_claimed() {
    assert_eq!(claimed(&mut RewardScene::settled()), (OWNERS, DELEGATORS));
    for waited in [0, params().unbonding_secs - 1] {
        let mut scene = RewardScene::settled();
        announce(&mut scene, 10_000);
        scene.world.advance(waited);
        assert_eq!(claimed(&mut scene), (OWNERS, DELEGATORS));
        // When it holds there is nothing left to take.
        scene.world.advance(1);
        let again = scene.claim(&scene.provider, &scene.leaves);
        assert_eq!(scene.world.refused(&again), mira(Error::NothingToClaim));
    }
}

fn a_fall_and_a_rise_wait_as_long() {
    let mut scene = RewardScene::settled();
    announce(&mut scene, 0);
    announce(&mut scene, 10_000);
    scene.world.advance(params().unbonding_secs - 1);
    let (owners, _) = claimed(&mut scene);
    assert_eq!(owners, 0);
}

/// Announcing more puts off what was announced before.
fn announcing_again_waits_again() {
    let mut scene = RewardScene::settled();
    announce(&mut scene, 501);
    scene.world.advance(params().unbonding_secs - 1);
    announce(&mut scene, 10_000);
    scene.world.advance(params().unbonding_secs - 1);
    assert_eq!(claimed(&mut scene), (OWNERS, DELEGATORS));
}

/// The owner closes its payout account, or has it frozen, so that nobody can claim before the rise holds:
/// then its own part is its stakers'. Where nobody else has a part, it waits for the owner.
fn an_owner_that_cannot_be_paid_holds_nothing_back() {
    for frozen in [false, true] {
        let mut scene = RewardScene::settled();
        announce(&mut scene, 10_000);
        unusable(&mut scene, frozen);
        let claim = scene.claim(&scene.provider, &scene.leaves);
        let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
        let before = payment(world, delegator);
        world.run(&claim);
        world.run(&world.claim_delegation_reward(stranger, delegator, provider));
        // Two fifths of all of it.
        assert_eq!(payment(world, delegator) - before, REWARD / 5 * 2 - 1);
    }
    let mut scene = RewardScene::settled();
    let purse = scene.world.payment_purse(&scene.second_owner.pubkey());
    scene.world.svm.set_account(purse, Default::default()).unwrap();
    let claim = scene.claim(&scene.second, &scene.leaves);
    assert_eq!(scene.world.refused(&claim), mira(Error::PayoutUnusable));
    let (owner, mint) = (scene.second_owner.pubkey(), scene.world.payment_mint);
    scene.world.put_purse(&owner, mint, 0);
    let claim = scene.claim(&scene.second, &scene.leaves);
    scene.world.run(&claim);
}

fn unusable(scene: &mut RewardScene, frozen: bool) {
    let (owner, mint) = (Actor::pubkey(&scene.owner), scene.world.payment_mint);
    let purse = scene.world.payment_purse(&owner);
    match frozen {
        true => scene.world.put_frozen_tokens(purse, &owner, mint),
        false => scene.world.svm.set_account(purse, Default::default()).unwrap(),
    }
}
