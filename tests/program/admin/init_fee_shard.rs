//! `init_fee_shard`: sixteen, each once, by anyone.

use crate::program::support::{
    Copy, EXISTS, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_testkit::World;

pub fn trials() -> Vec<Trial> {
    trials![
        anyone_makes_all_sixteen,
        refuses_a_shard_twice,
        refuses_a_seventeenth,
        refuses_without_a_signature,
        refuses_without_a_network,
        refuses_other_accounts,
    ]
}

fn network() -> World {
    let mut world = World::bare();
    world.initialize();
    world
}

fn anyone_makes_all_sixteen() {
    let mut world = network();
    let stranger = world.actor("stranger");
    for shard in 0..16 {
        let receipt = world.run(&world.init_fee_shard(&stranger, shard));
        let [Event::FeeShardInitialized(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.shard, event.fee_shard, event.fee_shard_seq), (shard, pda::fee_shard(shard), 1));
        assert_eq!(event.payer, stranger.pubkey());
    }
}

fn refuses_a_shard_twice() {
    let mut world = network();
    let payer = world.payer.clone();
    world.run(&world.init_fee_shard(&payer, 3));
    assert_eq!(world.refused(&world.init_fee_shard(&payer, 3)), EXISTS);
}

fn refuses_a_seventeenth() {
    let mut world = network();
    let payer = world.payer.clone();
    assert_eq!(world.tampered(&world.init_fee_shard(&payer, 16)), mira(Error::InvalidParams));
}

fn refuses_without_a_signature() {
    let mut world = network();
    let stranger = world.actor("stranger");
    let step = world.init_fee_shard(&stranger, 0).unsigned(&stranger.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_without_a_network() {
    let mut world = World::bare();
    let payer = world.payer.clone();
    let instruction = ix::init_fee_shard(&payer.pubkey(), &world.payment_mint, 0);
    assert_eq!(world.send(&[instruction], &[&payer]), Err(anchor(MISSING)));
}

fn refuses_other_accounts() {
    let mut world = network();
    let stranger = world.actor("stranger");
    let step = world.init_fee_shard(&stranger, 0);
    let stake_mint = world.stake_mint;
    assert_eq!(world.tampered(&step.clone().swap(&world.payment_mint, &stake_mint)), mira(Error::WrongMint));
    assert_eq!(world.tampered(&step.clone().swap(&pda::fee_vault(0), &pda::fee_vault(1))), anchor(WRONG_ADDRESS));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("payer", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("fee_shard", WRONG_ADDRESS.into()),
            ("payment_mint", Error::WrongMint.into()),
            ("fee_vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
