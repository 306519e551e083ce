//! Claiming twice, and claiming after the close: claims are cumulative, and a position that is made again has
//! earned nothing yet.

use super::support::payment;
use crate::program::support::{MISSING, anchor, mira};
use libtest_mimic::Trial;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_testkit::scene::reward::{DELEGATED, FEES, SETTLED};
use mira_testkit::world::params;
use mira_testkit::{RewardScene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_a_leaf_twice,
        refuses_both_in_one_transaction,
        refuses_an_older_leaf,
        refuses_another_payout_for_the_same_leaf,
        refuses_a_delegators_reward_twice,
        refuses_a_claim_after_the_close,
    ]
}

fn claim(scene: &RewardScene) -> Step {
    scene.claim(&scene.provider, &scene.leaves)
}

fn refuses_a_leaf_twice() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
    // Whoever asks.
    let proof = scene.leaves.proof(&scene.provider);
    let owners = scene.world.claim_reward(&scene.owner, &scene.provider, scene.leaves.amount(&scene.provider), &proof);
    assert_eq!(scene.world.refused(&owners), mira(Error::NothingToClaim));
}

fn refuses_both_in_one_transaction() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    let twice = Step { instructions: [step.instructions.clone(), step.instructions.clone()].concat(), ..step.clone() };
    assert_eq!(scene.world.tampered(&twice), mira(Error::NothingToClaim));
    scene.world.run(&step);
}

/// The leaf of before leads to no root that counts any more; the new one pays the difference.
fn refuses_an_older_leaf() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    scene.world.run(&step);
    scene.earn(SETTLED + 1_000_000);
    let leaves = scene.leaves.more(&scene.provider, 8_000);
    scene.next_epoch(&leaves.epoch(2, FEES + 10_000));
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidProof));
    let next = scene.claim(&scene.provider, &leaves);
    let before = payment(&scene.world, &scene.owner);
    scene.world.run(&next);
    assert_eq!(payment(&scene.world, &scene.owner) - before, 8_000 / 20);
    assert_eq!(scene.world.refused(&next), mira(Error::NothingToClaim));
}

fn refuses_another_payout_for_the_same_leaf() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    scene.world.run(&step);
    let gift = scene.world.payment_purse(&scene.stranger.pubkey());
    let RewardScene { world, owner, provider, .. } = &mut scene;
    world.run(&world.update_provider(owner, provider, Some(&gift), ix::UpdateProviderArgs::default()));
    let step = claim(&scene);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToClaim));
}

fn refuses_a_delegators_reward_twice() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
    let mine = world.claim_delegation_reward(stranger, delegator, provider);
    // Nothing is there before the provider's claim.
    assert_eq!(world.refused(&mine), mira(Error::NothingToClaim));
    world.run(&step);
    let twice = Step { instructions: [mine.instructions.clone(), mine.instructions.clone()].concat(), ..mine.clone() };
    assert_eq!(world.tampered(&twice), mira(Error::NothingToClaim));
    world.run(&mine);
    assert_eq!(world.refused(&mine), mira(Error::NothingToClaim));
}

/// Everything is taken out, and the same stake comes back: it earns from now on.
fn refuses_a_claim_after_the_close() {
    let mut scene = RewardScene::settled();
    let step = claim(&scene);
    let RewardScene { world, delegator, stranger, provider, .. } = &mut scene;
    let mine = world.claim_delegation_reward(stranger, delegator, provider);
    world.run(&step);
    world.run(&mine);
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(stranger, delegator, provider, 0));
    assert_eq!(world.lamports(&pda::stake_position(provider, &delegator.pubkey())), 0);
    assert_eq!(world.refused(&mine), anchor(MISSING));
    world.run(&world.stake(delegator, provider, DELEGATED));
    assert_eq!(world.refused(&mine), mira(Error::NothingToClaim));
    // What is claimed from now on it has its part of.
    scene.earn(SETTLED + 1_000_000);
    let leaves = scene.leaves.more(&scene.provider, 8_000);
    scene.next_epoch(&leaves.epoch(2, FEES + 10_000));
    let next = scene.claim(&scene.provider, &leaves);
    scene.world.run(&next);
    scene.world.run(&mine);
}
