//! A ticket that its staker forgets, in every state: fresh, matured, held back by exposure, slashed. One
//! stranger's `withdraw_stake` pays its staker when it is due. A pause changes nothing, nor does a jail, nor an
//! owner that is gone.

use super::support::{pause_if, stake};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::Scene;
use mira_testkit::scene::dispute::{EVIDENCE, delegator};
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![locked, one_of_eight, held_back_by_a_lease, slashed_and_jailed, of_a_provider_without_owners_stake]
}

fn locked() {
    for paused in [false, true] {
        let mut scene = Scene::provider();
        let Scene { world, owner, stranger, provider, .. } = &mut scene;
        world.run(&world.request_unstake(owner, provider, u128::from(STAKED)));
        pause_if(world, paused);
        let withdraw = world.withdraw_stake(stranger, owner, provider, 0);
        world.advance(params().unbonding_secs - 1);
        assert_eq!(world.refused(&withdraw), mira(Error::TicketLocked));
        world.advance(1);
        let position = pda::stake_position(provider, &owner.pubkey());
        let (rent, before) = (world.lamports(&position), world.lamports(&owner.pubkey()));
        world.run(&withdraw);
        assert_eq!(stake(world, owner), PURSE);
        assert_eq!(world.lamports(&owner.pubkey()), before + rent);
    }
}

/// As many as fit, in whatever order a stranger takes them.
fn one_of_eight() {
    for paused in [false, true] {
        let mut scene = Scene::provider();
        let Scene { world, owner, stranger, provider, .. } = &mut scene;
        for shares in 1..=8 {
            world.run(&world.request_unstake(owner, provider, shares));
        }
        let ninth = world.request_unstake(owner, provider, 1);
        assert_eq!(world.refused(&ninth), mira(Error::TooManyTickets));
        pause_if(world, paused);
        world.advance(params().unbonding_secs);
        for at in [7, 0, 3, 3, 0, 2, 1, 0] {
            world.run(&world.withdraw_stake(stranger, owner, provider, at));
        }
        assert_eq!(stake(world, owner), PURSE - STAKED + 36);
        let none = world.withdraw_stake(stranger, owner, provider, 0);
        assert_eq!(world.refused(&none), mira(Error::NoSuchTicket));
    }
}

/// Due as soon as strangers have ended the lease.
fn held_back_by_a_lease() {
    for paused in [false, true] {
        let mut scene = Scene::lease_backed_by(1_000, STAKED);
        let staker = delegator();
        let Scene { world, stranger, lease, provider, .. } = &mut scene;
        world.run(&world.request_unstake(&staker, provider, u128::from(STAKED)));
        pause_if(world, paused);
        world.advance(params().unbonding_secs);
        let withdraw = world.withdraw_stake(stranger, &staker, provider, 0);
        assert_eq!(world.refused(&withdraw), mira(Error::ExposureExceedsStake));
        world.run(&world.release_lease(stranger, lease));
        world.run(&world.end_lease(stranger, lease));
        world.run(&withdraw);
        assert_eq!(stake(world, &staker), PURSE);
    }
}

/// A tenth of the pool was taken, of the ticket as of everybody; jail keeps nobody's stake.
fn slashed_and_jailed() {
    for paused in [false, true] {
        let mut scene = Scene::lease_backed_by(1_000, STAKED - 1_000);
        let staker = delegator();
        let Scene { world, requester, stranger, lease, provider, .. } = &mut scene;
        world.run(&world.request_unstake(&staker, provider, u128::from(STAKED - 1_000)));
        world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
        pause_if(world, paused);
        world.advance(params().dispute.respond_secs);
        world.run(&world.resolve_dispute(stranger, lease));
        world.advance(params().unbonding_secs);
        world.run(&world.withdraw_stake(stranger, &staker, provider, 0));
        // 10,000 were taken: the owner's 1,000, and 9,000 of the others.
        assert_eq!(stake(world, &staker), PURSE - (CAP / 2 - 1_000));
        assert_eq!(world.balance(&pda::stake_vault()), Some(0));
    }
}

fn of_a_provider_without_owners_stake() {
    for paused in [false, true] {
        let mut scene = Scene::provider();
        let Scene { world, owner, dispatcher, stranger, provider, .. } = &mut scene;
        world.run(&world.stake(dispatcher, provider, 500));
        world.run(&world.request_unstake(owner, provider, u128::from(STAKED)));
        world.run(&world.request_unstake(dispatcher, provider, 500));
        pause_if(world, paused);
        world.advance(params().unbonding_secs);
        world.run(&world.withdraw_stake(stranger, owner, provider, 0));
        world.run(&world.withdraw_stake(stranger, dispatcher, provider, 0));
        assert_eq!((stake(world, owner), stake(world, dispatcher)), (PURSE, PURSE));
    }
}
