//! `withdraw_stake`: matured tickets only, to the staker only, never uncovering exposure.

use super::EARNED;
use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::scene::reward::DELEGATED;
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Receipt, RewardScene, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        pays_the_staker_and_closes_an_empty_position,
        keeps_a_position_that_is_not_empty,
        keeps_a_position_that_is_owed_something,
        pays_any_account_if_the_staker_signs,
        a_stranger_may_crank,
        refuses_a_stranger_who_pays_himself,
        refuses_before_it_matures,
        refuses_a_ticket_that_is_not_there,
        refuses_to_uncover_exposure,
        refuses_without_a_signature,
        refuses_another_mint,
        refuses_other_accounts,
    ]
}

/// The owner has a ticket over everything, and it has matured.
fn matured() -> Scene {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, u128::from(STAKED));
    scene.world.run(&step);
    scene.world.advance(params().unbonding_secs);
    scene
}

fn pays_the_staker_and_closes_an_empty_position() {
    let mut scene = matured();
    let position = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    let rent = scene.world.lamports(&position);
    let before = scene.world.lamports(&scene.owner.pubkey());
    let step = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 0);
    let receipt = scene.world.run(&step);
    assert_eq!(scene.world.balance(&scene.world.stake_purse(&scene.owner.pubkey())), Some(PURSE));
    assert_eq!(scene.world.lamports(&position), 0);
    assert_eq!(scene.world.lamports(&scene.owner.pubkey()), before + rent);
    let [Event::StakeWithdrawn(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.actor, event.staker), (scene.owner.pubkey(), scene.owner.pubkey()));
    assert_eq!((event.amount, event.shares, event.total_stake_after), (STAKED, u128::from(STAKED), 0));
    assert!(event.closed);
}

/// Shares are left, then a ticket is; only what leaves nothing closes.
fn keeps_a_position_that_is_not_empty() {
    let mut scene = Scene::provider();
    let Scene { world, owner, provider, .. } = &mut scene;
    world.run(&world.request_unstake(owner, provider, 300));
    world.advance(params().unbonding_secs);
    let withdraw = world.withdraw_stake(owner, owner, provider, 0);
    let mut closed = vec![closes(&world.run(&withdraw))];
    for shares in [u128::from(STAKED) - 301, 1] {
        world.run(&world.request_unstake(owner, provider, shares));
    }
    world.advance(params().unbonding_secs);
    for _ in 0..2 {
        closed.push(closes(&world.run(&withdraw)));
    }
    assert_eq!(closed, [false, false, true]);
    assert_eq!(world.lamports(&pda::stake_position(provider, &owner.pubkey())), 0);
}

fn keeps_a_position_that_is_owed_something() {
    let mut scene = RewardScene::settled();
    let claim = scene.claim(&scene.provider, &scene.leaves);
    scene.world.run(&claim);
    let RewardScene { world, stranger, delegator, provider, .. } = &mut scene;
    world.run(&world.request_unstake(delegator, provider, u128::from(DELEGATED)));
    world.advance(params().unbonding_secs);
    let receipt = world.run(&world.withdraw_stake(stranger, delegator, provider, 0));
    assert!(!closes(&receipt));
    let position = pda::stake_position(provider, &delegator.pubkey());
    let position: state::StakePosition = world.state(&position).unwrap();
    assert_eq!((position.shares, position.tickets.len(), position.reward_owed), (0, 0, EARNED));
}

fn closes(receipt: &Receipt) -> bool {
    let [Event::StakeWithdrawn(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    event.closed
}

fn pays_any_account_if_the_staker_signs() {
    let mut scene = matured();
    let step = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 0);
    let own = scene.world.stake_purse(&scene.owner.pubkey());
    let gift = scene.world.stake_purse(&scene.stranger.pubkey());
    scene.world.run(&step.swap(&own, &gift));
    assert_eq!(scene.world.balance(&gift), Some(PURSE + STAKED));
}

/// No pause stops it.
fn a_stranger_may_crank() {
    let mut scene = matured();
    pause(&mut scene.world);
    let step = scene.world.withdraw_stake(&scene.stranger, &scene.owner, &scene.provider, 0);
    let receipt = scene.world.run(&step);
    assert_eq!(scene.world.balance(&scene.world.stake_purse(&scene.owner.pubkey())), Some(PURSE));
    let [Event::StakeWithdrawn(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.actor, event.staker), (scene.stranger.pubkey(), scene.owner.pubkey()));
}

fn refuses_a_stranger_who_pays_himself() {
    let mut scene = matured();
    let step = scene.world.withdraw_stake(&scene.stranger, &scene.owner, &scene.provider, 0);
    let owners = scene.world.stake_purse(&scene.owner.pubkey());
    let strangers = scene.world.stake_purse(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&owners, &strangers)), mira(Error::WrongAccount));
    let stolen = step.swap(&scene.owner.pubkey(), &scene.stranger.pubkey()).swap(&owners, &strangers);
    assert_eq!(scene.world.tampered(&stolen), mira(Error::WrongAccount));
    // The associated address, but its owner has given the account away.
    let (mint, to) = (scene.world.stake_mint, scene.stranger.pubkey());
    scene.world.put_tokens(owners, &to, mint, 0);
    let step = scene.world.withdraw_stake(&scene.stranger, &scene.owner, &scene.provider, 0);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount));
}

fn refuses_before_it_matures() {
    let mut scene = Scene::provider();
    let step = scene.world.request_unstake(&scene.owner, &scene.provider, 9);
    scene.world.run(&step);
    scene.world.advance(params().unbonding_secs - 1);
    let step = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 0);
    assert_eq!(scene.world.refused(&step), mira(Error::TicketLocked));
    scene.world.advance(1);
    scene.world.run(&step);
}

fn refuses_a_ticket_that_is_not_there() {
    let mut scene = matured();
    let step = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::NoSuchTicket));
    let step = scene.world.withdraw_stake(&scene.stranger, &scene.stranger, &scene.provider, 0);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_to_uncover_exposure() {
    let mut scene = Scene::lease();
    // Exposure is half the cap: the ticket takes one base unit too many.
    let ticket = STAKED - CAP / 2 + 1;
    let Scene { world, stranger, owner, provider, lease, .. } = &mut scene;
    world.run(&world.request_unstake(owner, provider, u128::from(ticket)));
    world.advance(params().unbonding_secs);
    let step = world.withdraw_stake(owner, owner, provider, 0);
    assert_eq!(world.refused(&step), mira(Error::ExposureExceedsStake));
    world.run(&world.release_lease(stranger, lease));
    assert_eq!(world.refused(&step), mira(Error::ExposureExceedsStake));
    world.run(&world.end_lease(stranger, lease));
    world.run(&step);
}

fn refuses_without_a_signature() {
    let mut scene = matured();
    let step = scene.world.withdraw_stake(&scene.stranger, &scene.owner, &scene.provider, 0);
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.stranger.pubkey())), anchor(UNSIGNED));
}

fn refuses_another_mint() {
    let mut scene = matured();
    let step = scene.world.withdraw_stake(&scene.owner, &scene.owner, &scene.provider, 0);
    let own = scene.world.stake_purse(&scene.owner.pubkey());
    let payment = scene.world.payment_purse(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&own, &payment)), mira(Error::WrongMint));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, owner, provider, .. } = matured();
    let step = world.withdraw_stake(&stranger, &owner, &provider, 0);
    let elsewhere = pda::stake_position(&Actor::new("another provider").pubkey(), &owner.pubkey());
    let here = pda::stake_position(&provider, &owner.pubkey());
    assert_eq!(world.tampered(&step.clone().swap(&here, &elsewhere)), anchor(MISSING));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("position", WRONG_ADDRESS.into()),
            ("staker", Error::WrongAccount.into()),
            ("destination", Error::WrongAccount.into()),
            ("stake_vault", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
