//! Claiming a reward again with a counter that begins at nothing: a provider is never closed, its account is
//! never made over, and a leaf is for one provider's address.

use crate::program::support::{EXISTS, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::RewardScene;
use mira_testkit::scene::reward::{OWN, REWARD};
use mira_testkit::world::params;
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![refuses_to_register_again, refuses_to_register_again_when_all_stake_is_gone, refuses_a_new_owners_claim]
}

fn claimed(scene: &RewardScene) -> u64 {
    scene.world.state::<state::Provider>(&scene.provider).unwrap().claimed
}

fn refuses_to_register_again() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    let again = scene.world.register_provider(&scene.owner, &scene.stranger);
    assert_eq!(scene.world.refused(&again), EXISTS);
    // What it would have made over: the first claim is good, and the only one.
    scene.world.run(&claim);
    assert_eq!(scene.world.refused(&again), EXISTS);
    assert_eq!(scene.world.refused(&claim), mira(Error::NothingToClaim));
    assert_eq!(claimed(&scene), REWARD);
}

/// The owner's position closes with its last share; the provider and its counter stay.
fn refuses_to_register_again_when_all_stake_is_gone() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    let RewardScene { world, owner, stranger, provider, .. } = &mut scene;
    world.run(&claim);
    world.run(&world.claim_delegation_reward(stranger, owner, provider));
    let lease = Pubkey::from(*world.model.leases.keys().next().unwrap());
    world.advance(params().max_lease_secs);
    world.run(&world.release_lease(stranger, &lease));
    world.advance(params().dispute_window_secs);
    world.run(&world.end_lease(stranger, &lease));
    world.run(&world.request_unstake(owner, provider, u128::from(OWN)));
    world.advance(params().unbonding_secs);
    world.run(&world.withdraw_stake(owner, owner, provider, 0));
    assert_eq!(world.lamports(&pda::stake_position(provider, &owner.pubkey())), 0);
    let again = world.register_provider(owner, owner);
    assert_eq!(world.refused(&again), EXISTS);
    world.run(&world.stake(owner, provider, OWN));
    assert_eq!(world.refused(&claim), mira(Error::NothingToClaim));
    assert_eq!(claimed(&scene), REWARD);
}

/// A second identity has an address of its own, which the leaf does not name.
fn refuses_a_new_owners_claim() {
    let mut scene = RewardScene::settled();
    let proof = scene.leaves.proof(&scene.provider);
    let fresh = scene.world.actor("owner again");
    let register = scene.world.register_provider(&fresh, &fresh);
    scene.world.run(&register);
    let theirs = scene.world.claim_reward(&fresh, &pda::provider(&fresh.pubkey()), REWARD, &proof);
    assert_eq!(scene.world.refused(&theirs), mira(Error::InvalidProof));
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
}
