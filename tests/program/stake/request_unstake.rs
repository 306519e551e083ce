//! `request_unstake`: by the staker; the owner keeps the minimum while leases are open.

use super::EARNED;
use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::STAKED;
use mira_testkit::scene::reward::DELEGATED;
use mira_testkit::world::params;
use mira_testkit::{RewardScene, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        makes_a_ticket,
        a_delegator_leaves_at_any_time,
        books_what_was_earned_first,
        refuses_a_stranger,
        refuses_nothing_and_too_much,
        refuses_a_ninth_ticket,
        refuses_the_owners_minimum_while_leased,
        refuses_a_position_that_is_not_there,
        refuses_a_position_elsewhere,
        refuses_other_accounts,
    ]
}

const ALL: u128 = STAKED as u128;

fn makes_a_ticket() {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 400);
    let receipt = scene.world.run(&step);
    let position: state::StakePosition =
        scene.world.state(&pda::stake_position(&scene.provider, &scene.owner.pubkey())).unwrap();
    let unlock_ts = scene.world.now() + i64::from(params().unbonding_secs);
    assert_eq!(position.tickets, [state::Ticket { shares: 400, unlock_ts }]);
    let [Event::UnstakeRequested(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.shares, event.unlock_ts), (400, unlock_ts));
    assert_eq!((event.unbonding_shares_before, event.unbonding_shares_after), (0, 400));
    assert_eq!((event.position_shares_after, event.own_shares_after), (ALL - 400, ALL - 400));
    assert_eq!((event.reward_index, event.position_owed_after), (0, 0));
}

fn a_delegator_leaves_at_any_time() {
    let mut scene = Scene::lease();
    let stake = scene.world.stake(&scene.stranger, &scene.provider, 500);
    scene.world.run(&stake);
    pause(&mut scene.world);
    let step = scene.world.request_unstake(&scene.stranger, &scene.provider, 500);
    scene.world.run(&step);
}

/// What was earned stays owed, and earns no more itself.
fn books_what_was_earned_first() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
    let index = scene.world.state::<state::Provider>(&scene.provider).unwrap().reward_index;
    for shares in [u128::from(DELEGATED) - 1, 1] {
        let step = scene.world.request_unstake(&scene.delegator, &scene.provider, shares);
        let receipt = scene.world.run(&step);
        let [Event::UnstakeRequested(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.reward_index, event.position_owed_after), (index, EARNED));
    }
}

fn refuses_a_stranger() {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 400);
    let stolen = step.clone().signed_by(&scene.owner, &scene.stranger);
    assert_eq!(scene.world.tampered(&stolen), mira(Error::WrongSigner));
    let by_operator = step.clone().signed_by(&scene.owner, &scene.operator);
    assert_eq!(scene.world.tampered(&by_operator), mira(Error::WrongSigner));
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.owner.pubkey())), anchor(UNSIGNED));
}

fn refuses_nothing_and_too_much() {
    let mut scene = Scene::provider();
    for (shares, error) in [(0, Error::AmountZero), (ALL + 1, Error::InsufficientShares)] {
        let step = scene.world.request_unstake(&scene.owner, &scene.provider, shares);
        assert_eq!(scene.world.refused(&step), mira(error));
    }
}

fn refuses_a_ninth_ticket() {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 1);
    for _ in 0..8 {
        scene.world.run(&step);
    }
    assert_eq!(scene.world.refused(&step), mira(Error::TooManyTickets));
}

fn refuses_the_owners_minimum_while_leased() {
    let mut scene = Scene::lease();
    let spare = ALL - u128::from(params().min_stake.get());
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, spare + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::OwnStakeBelowMinimum));
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, spare);
    scene.world.run(&step);
}

fn refuses_a_position_that_is_not_there() {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.stranger, &scene.provider, 1);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_a_position_elsewhere() {
    let mut scene = Scene::job();
    let (_, second, _) = scene.second_lease(1_000);
    let stake = scene.world.stake(&scene.owner, &second, 5);
    scene.world.run(&stake);
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 5);
    let here = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    let there = pda::stake_position(&second, &scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&here, &there)), anchor(WRONG_ADDRESS));
}

fn refuses_other_accounts() {
    let Scene { mut world, owner, provider, .. } = Scene::provider();
    let step = world.request_unstake(&owner, &provider, 5);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("staker", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("position", WRONG_ADDRESS.into()),
        ],
    );
}
