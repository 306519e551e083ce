//! `set_reward_authorities`: by the admin; what the old ones had not finished is dropped.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::reward::RewardScene;
use mira_testkit::world::params;
use mira_testkit::{Actor, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        the_admin_names_up_to_five,
        approvals_are_dropped,
        a_pending_epoch_is_dropped,
        a_final_epoch_and_its_claims_stay,
        only_the_new_ones_approve,
        without_any_nothing_is_approved,
        refuses_six_or_one_twice_or_an_empty_key,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// The keys of so many actors.
fn keys(count: usize) -> Vec<Pubkey> {
    (0..count).map(|number| Actor::new(&format!("key {number}")).pubkey()).collect()
}

fn network() -> World {
    let mut world = World::bare();
    world.initialize();
    world
}

fn rewards(world: &World) -> state::RewardState {
    world.state(&pda::rewards()).unwrap()
}

fn the_admin_names_up_to_five() {
    let mut world = network();
    let admin = world.admin.clone();
    for count in [5, 1, 0] {
        let before = rewards(&world).seq;
        let receipt = world.run(&world.set_reward_authorities(&admin, &keys(count)));
        let [Event::RewardAuthoritiesSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.config, event.actor), (pda::config(), admin.pubkey()));
        assert_eq!((event.rewards, event.rewards_seq), (pda::rewards(), before + 1));
        assert_eq!((&event.authorities, event.dropped_epoch), (&keys(count), None));
        let config: state::Config = world.state(&pda::config()).unwrap();
        assert_eq!((config.reward_authorities, config.seq), (keys(count), event.config_seq));
    }
}

fn approvals_are_dropped() {
    let mut scene = RewardScene::due();
    let (admin, first) = (scene.world.admin.clone(), scene.first());
    let RewardScene { world, authorities, .. } = &mut scene;
    let same = authorities.each_ref().map(Actor::pubkey);
    world.run(&world.approve_epoch(&authorities[0], &first));
    world.run(&world.set_reward_authorities(&admin, &same));
    assert!(rewards(world).approvals.is_empty());
    // The second approval is the first that counts: no majority yet.
    world.run(&world.approve_epoch(&authorities[1], &first));
    assert_eq!(rewards(world).pending, None);
    world.run(&world.approve_epoch(&authorities[2], &first));
    assert!(rewards(world).pending.is_some());
}

fn a_pending_epoch_is_dropped() {
    let mut scene = RewardScene::pending();
    let RewardScene { world, authorities, stranger, .. } = &mut scene;
    let admin = world.admin.clone();
    let same = authorities.each_ref().map(Actor::pubkey);
    let receipt = world.run(&world.set_reward_authorities(&admin, &same));
    let [Event::RewardAuthoritiesSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!(event.dropped_epoch, Some(1));
    world.advance(params().reward.challenge_secs);
    assert_eq!(world.refused(&world.finalize_epoch(stranger)), mira(Error::EpochNotPending));
}

fn a_final_epoch_and_its_claims_stay() {
    let mut scene = RewardScene::settled();
    let admin = scene.world.admin.clone();
    let before = rewards(&scene.world);
    scene.world.run(&scene.world.set_reward_authorities(&admin, &[]));
    let after = rewards(&scene.world);
    assert_eq!(after, state::RewardState { seq: before.seq + 1, ..before });
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
}

fn only_the_new_ones_approve() {
    let mut scene = RewardScene::due();
    let (admin, first) = (scene.world.admin.clone(), scene.first());
    let RewardScene { world, authorities, stranger, .. } = &mut scene;
    world.run(&world.set_reward_authorities(&admin, &[stranger.pubkey()]));
    for old in authorities.iter() {
        assert_eq!(world.refused(&world.approve_epoch(old, &first)), mira(Error::WrongSigner), "{old:?}");
    }
    world.run(&world.approve_epoch(stranger, &first));
    assert!(rewards(world).pending.is_some(), "one of one is a majority");
}

fn without_any_nothing_is_approved() {
    let mut scene = RewardScene::due();
    let (admin, first) = (scene.world.admin.clone(), scene.first());
    let RewardScene { world, authorities, .. } = &mut scene;
    world.run(&world.set_reward_authorities(&admin, &[]));
    for actor in [&authorities[0], &admin] {
        assert_eq!(world.refused(&world.approve_epoch(actor, &first)), mira(Error::WrongSigner));
    }
}

fn refuses_six_or_one_twice_or_an_empty_key() {
    let mut world = network();
    let admin = world.admin.clone();
    let [one, two] = [keys(2)[0], keys(2)[1]];
    for set in [keys(6), vec![one, two, one], vec![one, one], vec![Pubkey::default()], vec![one, Pubkey::default()]] {
        let refusal = world.refused(&world.set_reward_authorities(&admin, &set));
        assert_eq!(refusal, mira(Error::InvalidKeySet), "{set:?}");
    }
}

fn refuses_all_but_the_admin() {
    let mut world = network();
    let (admin, guardian) = (world.admin.clone(), world.actor("guardian"));
    let (next, authority) = (world.actor("next admin"), world.actor("authority"));
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    world.run(&world.set_reward_authorities(&admin, &[authority.pubkey()]));
    for actor in [&guardian, &next, &authority] {
        let step = world.set_reward_authorities(actor, &[actor.pubkey(), admin.pubkey()]);
        assert_eq!(world.refused(&step), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.set_reward_authorities(&admin, &keys(3)).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.set_reward_authorities(&admin, &keys(3));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("admin", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
        ],
    );
}
