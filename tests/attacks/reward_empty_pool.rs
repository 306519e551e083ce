//! Catching a whole reward with almost no stake: below a million active shares all of it is the owner's.

use super::support::payment;
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_core::Error;
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::{ALMOST_NOTHING, SECOND_REWARD};
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![
        dust_in_an_empty_pool_catches_nothing,
        tickets_catch_nothing,
        stake_in_time_earns_its_part,
        one_share_in_a_million_earns_nothing,
    ]
}

/// The second provider's owner has taken everything out before its last reward was claimed.
fn left_alone() -> RewardScene {
    let mut scene = RewardScene::settled();
    let RewardScene { world, second_owner, second, .. } = &mut scene;
    world.run(&world.request_unstake(second_owner, second, u128::from(ALMOST_NOTHING)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(second_owner, second_owner, second, 0));
    scene
}

/// What the second provider's owner keeps of the reward: a twentieth, rounded down.
const COMMISSION: u64 = 14_232;

/// A stranger staked so much before the reward was claimed; the owner has its commission.
fn shared_with(amount: u64) -> RewardScene {
    let mut scene = RewardScene::settled();
    let step = scene.world.stake(&scene.stranger, &scene.second, amount);
    scene.world.run(&step);
    let claim = scene.claim(&scene.second, &scene.leaves);
    scene.world.run(&claim);
    assert_eq!(payment(&scene.world, &scene.second_owner), PURSE + COMMISSION);
    scene
}

/// A stranger stakes, cranks the claim, and finds nothing.
fn catches_nothing(mut scene: RewardScene, amount: u64) {
    let step = scene.world.stake(&scene.stranger, &scene.second, amount);
    scene.world.run(&step);
    let owner = payment(&scene.world, &scene.second_owner);
    let claim = scene.claim(&scene.second, &scene.leaves);
    scene.world.run(&claim);
    let RewardScene { world, second_owner, stranger, second, .. } = &mut scene;
    assert_eq!(world.state::<state::Provider>(second).unwrap().reward_index, 0);
    let step = world.claim_delegation_reward(stranger, stranger, second);
    assert_eq!(world.refused(&step), mira(Error::NothingToClaim));
    assert_eq!((payment(world, stranger), payment(world, second_owner)), (PURSE, owner + SECOND_REWARD));
}

fn dust_in_an_empty_pool_catches_nothing() {
    catches_nothing(left_alone(), 1);
    catches_nothing(left_alone(), 999_999);
}

/// The owner's own shares are in a ticket: they do not make a crowd of the stranger's.
fn tickets_catch_nothing() {
    let mut scene = RewardScene::settled();
    let RewardScene { world, second_owner, second, .. } = &mut scene;
    world.run(&world.request_unstake(second_owner, second, u128::from(ALMOST_NOTHING)));
    catches_nothing(scene, 999_999);
}

/// Without the attack: whoever stakes with others has a part, by its shares and after the commission.
fn stake_in_time_earns_its_part() {
    let mut scene = shared_with(1_000_000);
    let RewardScene { world, second_owner, stranger, second, .. } = &mut scene;
    world.run(&world.claim_delegation_reward(stranger, stranger, second));
    world.run(&world.claim_delegation_reward(stranger, second_owner, second));
    // 270,422 for 1,999,999 shares: 135,211.07 for a million of them, 135,210.93 for the owner's.
    let paid = (payment(world, stranger), payment(world, second_owner));
    assert_eq!(paid, (PURSE + 135_211, PURSE + COMMISSION + 135_210));
}

/// The least stake that makes a crowd: too little for a base unit, and the owner loses one at most.
fn one_share_in_a_million_earns_nothing() {
    let mut scene = shared_with(1);
    let RewardScene { world, second_owner, stranger, second, .. } = &mut scene;
    let step = world.claim_delegation_reward(stranger, stranger, second);
    assert_eq!(world.refused(&step), mira(Error::NothingToClaim));
    world.run(&world.claim_delegation_reward(stranger, second_owner, second));
    let all = PURSE + SECOND_REWARD;
    assert_eq!((payment(world, stranger), payment(world, second_owner)), (PURSE, all - 1));
}
