//! `cancel_unstake`: by the staker, before a ticket matures or after.

use super::EARNED;
use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::reward::{DELEGATED, FEES, REWARD, SETTLED};
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;
use mira_testkit::{RewardScene, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        makes_the_shares_active_again,
        takes_out_the_ticket_it_names,
        a_ripe_ticket_may_stay,
        a_delegator_comes_back,
        the_shares_back_leases_again,
        makes_room_for_another_ticket,
        a_ticket_has_earned_nothing,
        works_while_paused,
        refuses_everyone_else,
        refuses_a_ticket_that_is_not_there,
        refuses_a_position_that_is_not_there,
        refuses_a_position_elsewhere,
        refuses_other_accounts,
    ]
}

const ALL: u128 = STAKED as u128;

/// The owner has one ticket, of 400 shares.
fn requested() -> Scene {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 400);
    scene.world.run(&step);
    scene
}

fn tickets(scene: &Scene) -> Vec<u128> {
    let position = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    let position: state::StakePosition = scene.world.state(&position).unwrap();
    position.tickets.iter().map(|ticket| ticket.shares).collect()
}

fn makes_the_shares_active_again() {
    let mut scene = requested();
    let unlock_ts = scene.world.now() + i64::from(params().unbonding_secs);
    scene.world.advance(7);
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 0);
    let receipt = scene.world.run(&step);
    assert!(tickets(&scene).is_empty());
    let [Event::UnstakeCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.provider, event.provider_seq, event.staker), (scene.provider, 4, scene.owner.pubkey()));
    assert_eq!((event.shares, event.unlock_ts, event.ticket), (400, unlock_ts, 0));
    assert_eq!((event.unbonding_shares_before, event.unbonding_shares_after), (400, 0));
    assert_eq!((event.position_shares_after, event.own_shares_after), (ALL, ALL));
    assert_eq!((event.reward_index, event.position_owed_after), (0, 0));
}

fn takes_out_the_ticket_it_names() {
    let mut scene = Scene::provider();
    for shares in [1, 20, 300] {
        let step = scene.world.request_unstake(&scene.owner, &scene.provider, shares);
        scene.world.run(&step);
    }
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 1);
    let receipt = scene.world.run(&step);
    assert_eq!(tickets(&scene), [1, 300]);
    let [Event::UnstakeCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.shares, event.ticket), (20, 1));
    assert_eq!((event.unbonding_shares_before, event.unbonding_shares_after), (321, 301));
    assert_eq!(event.position_shares_after, ALL - 301);
}

fn a_ripe_ticket_may_stay() {
    let mut scene = requested();
    scene.world.advance(params().unbonding_secs + 1);
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 0);
    scene.world.run(&step);
    let withdraw = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 0);
    assert_eq!(scene.world.refused(&withdraw), mira(Error::NoSuchTicket));
    // Who leaves after all waits again.
    let again = scene.world.request_unstake(&scene.owner, &scene.provider, 400);
    scene.world.run(&again);
    assert_eq!(scene.world.refused(&withdraw), mira(Error::TicketLocked));
}

fn a_delegator_comes_back() {
    let mut scene = requested();
    let Scene { world, stranger, provider, .. } = &mut scene;
    world.run(&world.stake(stranger, provider, 70));
    world.run(&world.request_unstake(stranger, provider, 70));
    let receipt = world.run(&world.cancel_unstake(stranger, provider, 0));
    let [Event::UnstakeCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.position_shares_after, event.own_shares_after), (70, ALL - 400));
    assert_eq!((event.unbonding_shares_before, event.unbonding_shares_after), (470, 400));
}

fn the_shares_back_leases_again() {
    let mut scene = Scene::job();
    let Scene { world, owner, operator, dispatcher, job, provider, .. } = &mut scene;
    // Exposure is half the cap: one share too many is on its way out.
    world.run(&world.request_unstake(owner, provider, ALL - u128::from(CAP / 2) + 1));
    let open = world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now()));
    assert_eq!(world.refused(&open), mira(Error::ExposureExceedsStake));
    world.run(&world.cancel_unstake(owner, provider, 0));
    world.run(&open);
}

fn makes_room_for_another_ticket() {
    let mut scene = Scene::provider();
    let request = scene.world.request_unstake(&scene.owner, &scene.provider, 1);
    for _ in 0..8 {
        scene.world.run(&request);
    }
    assert_eq!(scene.world.refused(&request), mira(Error::TooManyTickets));
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 7);
    scene.world.run(&step);
    scene.world.run(&request);
}

/// What is owed stays owed; the time in the ticket has earned nothing.
fn a_ticket_has_earned_nothing() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
    let request = scene.world.request_unstake(&scene.delegator, &scene.provider, u128::from(DELEGATED));
    scene.world.run(&request);
    scene.earn(2 * SETTLED);
    let leaves = scene.leaves.more(&scene.provider, REWARD);
    scene.next_epoch(&leaves.epoch(2, 2 * FEES));
    let before = scene.world.state::<state::Provider>(&scene.provider).unwrap().reward_index;
    let claim = scene.claim(&scene.provider, &leaves);
    scene.world.run(&claim);
    let index = scene.world.state::<state::Provider>(&scene.provider).unwrap().reward_index;
    assert!(index > before, "those who stayed have earned");
    let step = scene.world.cancel_unstake(&scene.delegator, &scene.provider, 0);
    let receipt = scene.world.run(&step);
    let [Event::UnstakeCancelled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.reward_index, event.position_owed_after), (index, EARNED));
    let position = pda::stake_position(&scene.provider, &scene.delegator.pubkey());
    assert_eq!(scene.world.state::<state::StakePosition>(&position).unwrap().reward_entry, index);
}

fn works_while_paused() {
    let mut scene = requested();
    pause(&mut scene.world);
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 0);
    scene.world.run(&step);
}

fn refuses_everyone_else() {
    let mut scene = requested();
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 0);
    for somebody in [&scene.stranger, &scene.operator] {
        let stolen = step.clone().signed_by(&scene.owner, somebody);
        assert_eq!(scene.world.tampered(&stolen), mira(Error::WrongSigner), "{}", somebody.name);
    }
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.owner.pubkey())), anchor(UNSIGNED));
}

fn refuses_a_ticket_that_is_not_there() {
    let mut scene = requested();
    for ticket in [1, u8::MAX] {
        let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, ticket);
        assert_eq!(scene.world.refused(&step), mira(Error::NoSuchTicket));
    }
    let step = scene.world.cancel_unstake(&scene.owner, &scene.provider, 0);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NoSuchTicket));
}

fn refuses_a_position_that_is_not_there() {
    let mut scene = requested();
    let step = scene.world.cancel_unstake(&scene.stranger, &scene.provider, 0);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_a_position_elsewhere() {
    let mut scene = Scene::job();
    let (_, second, _) = scene.second_lease(1_000);
    let Scene { world, owner, provider, .. } = &mut scene;
    for pool in [&*provider, &second] {
        world.run(&world.stake(owner, pool, 5));
        world.run(&world.request_unstake(owner, pool, 5));
    }
    let here = pda::stake_position(provider, &owner.pubkey());
    let there = pda::stake_position(&second, &owner.pubkey());
    let step = world.cancel_unstake(owner, provider, 0).swap(&here, &there);
    assert_eq!(world.tampered(&step), anchor(WRONG_ADDRESS));
}

fn refuses_other_accounts() {
    let Scene { mut world, owner, provider, .. } = requested();
    let step = world.cancel_unstake(&owner, &provider, 0);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("staker", Copy::Elsewhere("the tests of signers")),
            ("provider", WRONG_ADDRESS.into()),
            ("position", WRONG_ADDRESS.into()),
        ],
    );
}
