//! `stake`: by anyone on any provider, with stake of one's own.

use super::EARNED;
use crate::program::support::{
    Copy, INSUFFICIENT_FUNDS, MISSING, NOT_THE_OWNER, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, WRONG_TYPE, anchor,
    copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::ledger::Vault;
use mira_testkit::scene::STAKED;
use mira_testkit::scene::reward::DELEGATED;
use mira_testkit::world::PURSE;
use mira_testkit::{Actor, RewardScene, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        buys_shares_for_the_owner,
        anyone_may_delegate,
        donations_move_nobodys_share,
        adds_to_a_position,
        books_what_was_earned_first,
        refuses_while_paused,
        refuses_nothing,
        refuses_more_than_there_is,
        refuses_anothers_tokens,
        refuses_without_a_signature,
        refuses_a_provider_that_is_not_there,
        refuses_anothers_position,
        refuses_another_mint,
        refuses_other_accounts,
    ]
}

fn buys_shares_for_the_owner() {
    let scene = Scene::provider();
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    assert_eq!((provider.total_stake, provider.own_shares), (STAKED, u128::from(STAKED)));
    assert_eq!(scene.world.balance(&scene.world.stake_purse(&scene.owner.pubkey())), Some(PURSE - STAKED));
    let Some(Event::StakeAdded(event)) = scene.world.events.last() else { panic!("{:?}", scene.world.events) };
    assert_eq!((event.staker, event.amount, event.provider_seq), (scene.owner.pubkey(), STAKED, 2));
    assert_eq!((event.total_stake_before, event.total_stake_after), (0, STAKED));
    assert_eq!((event.shares, event.total_shares_after), (u128::from(STAKED), u128::from(STAKED)));
    assert_eq!((event.position_shares_after, event.own_shares_after), (u128::from(STAKED), u128::from(STAKED)));
    assert_eq!((event.reward_index, event.position_owed_after), (0, 0));
}

fn anyone_may_delegate() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.stranger, &scene.provider, 77);
    scene.world.run(&step);
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    assert_eq!((provider.total_stake, provider.own_shares), (STAKED + 77, u128::from(STAKED)));
}

fn donations_move_nobodys_share() {
    let mut scene = Scene::network();
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    scene.world.run(&step);
    let first = scene.world.stake(&scene.stranger, &scene.provider, 1);
    scene.world.run(&first);
    scene.world.donate(Vault::Stake, 1_000_000_000);
    let victim = scene.world.stake(&scene.owner, &scene.provider, 500);
    scene.world.run(&victim);
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    assert_eq!((provider.total_shares, provider.own_shares), (501, 500));
}

fn adds_to_a_position() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.owner, &scene.provider, 5);
    scene.world.run(&step);
    scene.world.run(&step);
    let position: state::StakePosition =
        scene.world.state(&pda::stake_position(&scene.provider, &scene.owner.pubkey())).unwrap();
    assert_eq!(position.shares, u128::from(STAKED) + 10);
}

/// What a position has earned is booked before its shares change, and is booked once.
fn books_what_was_earned_first() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
    let index = scene.world.state::<state::Provider>(&scene.provider).unwrap().reward_index;
    let position = pda::stake_position(&scene.provider, &scene.delegator.pubkey());
    for _ in 0..2 {
        let step = scene.world.stake(&scene.delegator, &scene.provider, DELEGATED);
        let receipt = scene.world.run(&step);
        let [Event::StakeAdded(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.reward_index, event.position_owed_after), (index, EARNED));
        let position: state::StakePosition = scene.world.state(&position).unwrap();
        assert_eq!((position.reward_entry, position.reward_owed), (index, EARNED));
    }
    // Who comes now has earned nothing of what was claimed before.
    let step = scene.world.stake(&scene.stranger, &scene.provider, DELEGATED);
    let receipt = scene.world.run(&step);
    let [Event::StakeAdded(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.reward_index, event.position_owed_after), (index, 0));
}

fn refuses_while_paused() {
    let mut scene = Scene::provider();
    pause(&mut scene.world);
    for staker in [&scene.owner, &scene.stranger] {
        let step = scene.world.stake(staker, &scene.provider, 5);
        assert_eq!(scene.world.refused(&step), mira(Error::Paused));
    }
}

fn refuses_nothing() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.owner, &scene.provider, 0);
    assert_eq!(scene.world.refused(&step), mira(Error::AmountZero));
}

fn refuses_more_than_there_is() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.stranger, &scene.provider, PURSE + 1);
    assert_eq!(scene.world.tampered(&step), INSUFFICIENT_FUNDS);
    let step = scene.world.stake(&scene.stranger, &scene.provider, u64::MAX);
    assert_eq!(scene.world.refused(&step), mira(Error::MathOverflow));
}

fn refuses_anothers_tokens() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.stranger, &scene.provider, 5);
    let from = scene.world.stake_purse(&scene.stranger.pubkey());
    let anothers = scene.world.stake_purse(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&from, &anothers)), NOT_THE_OWNER);
}

fn refuses_without_a_signature() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.owner, &scene.provider, 5).unsigned(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_provider_that_is_not_there() {
    let mut scene = Scene::network();
    let step = scene.world.stake(&scene.owner, &scene.provider, 5);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
    let step = step.swap(&scene.provider, &pda::config());
    assert_eq!(scene.world.tampered(&step), anchor(WRONG_TYPE));
}

fn refuses_anothers_position() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.stranger, &scene.provider, 5);
    let own = pda::stake_position(&scene.provider, &scene.stranger.pubkey());
    let anothers = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &anothers)), anchor(WRONG_ADDRESS));
    let elsewhere = pda::stake_position(&Actor::new("another provider").pubkey(), &scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&own, &elsewhere)), anchor(WRONG_ADDRESS));
}

fn refuses_another_mint() {
    let mut scene = Scene::provider();
    let step = scene.world.stake(&scene.stranger, &scene.provider, 5);
    let from = scene.world.stake_purse(&scene.stranger.pubkey());
    let payment = scene.world.payment_purse(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&from, &payment)), mira(Error::WrongMint));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, provider, .. } = Scene::provider();
    let step = world.stake(&stranger, &provider, 5);
    assert_eq!(
        world.tampered(&step.clone().swap(&pda::stake_vault(), &pda::reward_vault())),
        mira(Error::WrongAccount),
        "another vault"
    );
    copies_are_refused(
        &mut world,
        &step,
        [
            ("staker", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("position", WRONG_ADDRESS.into()),
            ("from", Copy::Elsewhere("any account that the staker may spend from")),
            ("stake_vault", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
