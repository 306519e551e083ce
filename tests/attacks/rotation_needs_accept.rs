//! A mistyped or stolen admin key: an admin is replaced in two steps, of which the second proves that somebody
//! holds the new key; parameters have bounds; a pause stops no exit.

use super::support::payment;
use crate::program::support::{UNSIGNED, anchor, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::Bps;
use mira_core::params::{DisputeParams, Params, RewardParams};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        a_mistyped_key_governs_nothing,
        refuses_to_accept_for_somebody_else,
        refuses_the_old_admin_afterwards,
        refuses_an_offer_that_was_taken_back,
        refuses_parameters_beyond_their_bounds,
        refuses_a_guardian_that_resumes,
        a_pause_stops_no_exit,
    ]
}

fn admin(world: &World) -> Pubkey {
    world.state::<state::Config>(&pda::config()).unwrap().admin
}

fn a_mistyped_key_governs_nothing() {
    let Scene { mut world, stranger, .. } = Scene::network();
    let old = world.admin.clone();
    let nobody = Actor::new("a key that nobody holds");
    world.run(&world.propose_admin(&old, &nobody));
    assert_eq!(admin(&world), old.pubkey());
    let theirs = world.set_guardian(&nobody, &stranger);
    assert_eq!(world.refused(&theirs), mira(Error::WrongSigner));
    // The old one still governs, and names another.
    world.run(&world.set_guardian(&old, &stranger));
    world.run(&world.propose_admin(&old, &stranger));
    world.run(&world.accept_admin(&stranger));
    assert_eq!(admin(&world), stranger.pubkey());
}

fn refuses_to_accept_for_somebody_else() {
    let Scene { mut world, owner, stranger, .. } = Scene::network();
    let old = world.admin.clone();
    assert_eq!(world.refused(&world.accept_admin(&stranger)), mira(Error::NoPendingAdmin));
    let theirs = world.propose_admin(&stranger, &stranger);
    assert_eq!(world.refused(&theirs), mira(Error::WrongSigner));
    world.run(&world.propose_admin(&old, &owner));
    for somebody in [&stranger, &old] {
        assert_eq!(world.refused(&world.accept_admin(somebody)), mira(Error::WrongSigner));
    }
    let accept = world.accept_admin(&owner);
    assert_eq!(world.tampered(&accept.clone().unsigned(&owner.pubkey())), anchor(UNSIGNED));
    world.run(&accept);
}

/// Once accepted, a stolen key is worth nothing.
fn refuses_the_old_admin_afterwards() {
    let Scene { mut world, owner, stranger, .. } = Scene::network();
    let old = world.admin.clone();
    world.put_purse(&old.pubkey(), world.payment_mint, 0);
    world.run(&world.propose_admin(&old, &owner));
    world.run(&world.accept_admin(&owner));
    let steps = |world: &World, actor: &Actor| {
        [
            world.update_params(actor, &Params { grace_secs: 21, ..params() }),
            world.propose_admin(actor, &stranger),
            world.set_guardian(actor, &stranger),
            world.set_reward_authorities(actor, &[stranger.pubkey()]),
            world.set_verifiers(actor, &[stranger.pubkey()]),
            world.withdraw_treasury(actor, 1),
        ]
    };
    for step in steps(&world, &old) {
        assert_eq!(world.refused(&step), mira(Error::WrongSigner), "{}", step.action.name());
    }
    let resume = world.set_pause(&old, false);
    assert_eq!(world.refused(&resume), mira(Error::WrongSigner));
    for step in steps(&world, &owner).into_iter().take(5) {
        world.run(&step);
    }
}

fn refuses_an_offer_that_was_taken_back() {
    let Scene { mut world, owner, stranger, .. } = Scene::network();
    let old = world.admin.clone();
    world.run(&world.propose_admin(&old, &stranger));
    world.run(&world.propose_admin(&old, &owner));
    assert_eq!(world.refused(&world.accept_admin(&stranger)), mira(Error::WrongSigner));
    world.run(&world.propose_admin(&old, &old));
    assert_eq!(world.refused(&world.accept_admin(&owner)), mira(Error::NoPendingAdmin));
    world.run(&world.propose_admin(&old, &owner));
    world.run(&world.accept_admin(&owner));
}

/// A stolen key makes no network in which escrow is confiscated, stake locked up or fees given away.
fn refuses_parameters_beyond_their_bounds() {
    let mut scene = Scene::network();
    let world = &mut scene.world;
    let admin = world.admin.clone();
    let bps = |value| Bps::new(value).unwrap();
    let dispute = params().dispute;
    let wild = [
        Params { fee_bps: bps(2_001), ..params() },
        Params { fee_bps: bps(0), ..params() },
        Params { grace_secs: 0, ..params() },
        Params { unbonding_secs: 91 * 86_400, ..params() },
        Params { unbonding_secs: 179, ..params() },
        Params { job_id_window_secs: 6, ..params() },
        Params { dispute: DisputeParams { max_slash_bps: bps(5_001), ..dispute }, ..params() },
        Params { dispute: DisputeParams { bond_bps: bps(0), ..dispute }, ..params() },
        Params { reward: RewardParams { share_bps: bps(9_001), ..params().reward }, ..params() },
    ];
    for (number, params) in wild.iter().enumerate() {
        let step = world.update_params(&admin, params);
        assert_eq!(world.refused(&step), mira(Error::InvalidParams), "case {number}");
    }
    let step = world.update_params(&admin, &Params { fee_bps: bps(2_000), ..params() });
    world.run(&step);
}

fn refuses_a_guardian_that_resumes() {
    let Scene { mut world, owner, stranger, .. } = Scene::network();
    let admin = world.admin.clone();
    world.run(&world.set_guardian(&admin, &owner));
    assert_eq!(world.refused(&world.set_pause(&stranger, true)), mira(Error::WrongSigner));
    world.run(&world.set_pause(&owner, true));
    assert_eq!(world.refused(&world.set_pause(&owner, false)), mira(Error::WrongSigner));
    world.run(&world.set_pause(&admin, false));
}

/// It stops what is new; what exists is settled, and everybody leaves. `stuck_*` has every state.
fn a_pause_stops_no_exit() {
    let mut scene = Scene::lease();
    let Scene { world, owner, requester, signer, stranger, lease, job, provider, .. } = &mut scene;
    let admin = world.admin.clone();
    world.run(&world.set_pause(&admin, true));
    for step in [world.stake(owner, provider, 1), world.fund_job(requester, job, 1)] {
        assert_eq!(world.refused(&step), mira(Error::Paused));
    }
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    world.run(&world.begin_close_job(requester, job));
    world.run(&world.request_unstake(owner, provider, 1));
    world.advance(params().unbonding_secs);
    world.run(&world.release_lease(stranger, lease));
    world.run(&world.close_job(stranger, requester, job));
    world.run(&world.withdraw_stake(stranger, owner, provider, 0));
    assert_eq!(payment(world, requester), PURSE - 1_000);
}
