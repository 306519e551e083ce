//! `sweep_fees`: by anyone, what the books hold and nothing else.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::ledger::Vault;
use mira_testkit::{Scene, World};

pub fn trials() -> Vec<Trial> {
    trials![
        anyone_moves_what_was_collected,
        refuses_when_nothing_was_collected,
        gifts_are_not_fees,
        refuses_a_shard_that_is_not_there,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// A lease was settled: its shard holds a fee of 10.
fn collected() -> (Scene, u8) {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 1);
    scene.world.run(&step);
    let shard = pda::fee_shard_of(&scene.lease);
    (scene, shard)
}

fn anyone_moves_what_was_collected() {
    let (mut scene, shard) = collected();
    let step = scene.world.sweep_fees(&scene.stranger, shard);
    let receipt = scene.world.run(&step);
    assert_eq!(scene.world.balance(&pda::reward_vault()), Some(10));
    let [Event::FeesSwept(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.amount, event.rewards_seq, event.rewards_swept_after), (10, 1, 10));
    let rewards: state::RewardState = scene.world.state(&pda::rewards()).unwrap();
    assert_eq!((rewards.swept, rewards.seq), (10, 1));
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSweep));
}

fn refuses_when_nothing_was_collected() {
    let mut scene = Scene::network();
    let step = scene.world.sweep_fees(&scene.stranger, 0);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSweep));
}

fn gifts_are_not_fees() {
    let (mut scene, shard) = collected();
    scene.world.donate(Vault::Shard(shard), 5);
    let step = scene.world.sweep_fees(&scene.stranger, shard);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&pda::fee_vault(shard)), Some(5));
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSweep));
}

fn refuses_a_shard_that_is_not_there() {
    let mut world = World::bare();
    world.initialize();
    let stranger = world.actor("stranger");
    let step = world.sweep_fees(&stranger, 7);
    assert_eq!(world.refused(&step), anchor(MISSING));
}

fn refuses_without_a_signature() {
    let (mut scene, shard) = collected();
    let step = scene.world.sweep_fees(&scene.stranger, shard).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (Scene { mut world, stranger, .. }, shard) = collected();
    let step = world.sweep_fees(&stranger, shard);
    let other = pda::fee_vault((shard + 1) % 16);
    assert_eq!(world.tampered(&step.clone().swap(&pda::fee_vault(shard), &other)), anchor(WRONG_ADDRESS));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("fee_shard", WRONG_ADDRESS.into()),
            ("fee_vault", WRONG_ADDRESS.into()),
            ("rewards", WRONG_ADDRESS.into()),
            ("reward_vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
