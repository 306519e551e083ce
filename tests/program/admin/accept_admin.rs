//! `accept_admin`: by the proposed key alone, and then nothing is left to the old one.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::world::params;
use mira_testkit::{Actor, World};

pub fn trials() -> Vec<Trial> {
    trials![
        the_proposed_key_becomes_the_admin,
        the_old_admin_has_no_right_left,
        the_old_admin_stays_guardian_until_replaced,
        refuses_when_nobody_is_proposed,
        refuses_all_but_the_proposed_key,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// A network whose admin has proposed the next one.
fn proposed() -> (World, Actor, Actor) {
    let mut world = World::bare();
    world.initialize();
    let (admin, next) = (world.admin.clone(), world.actor("next admin"));
    world.run(&world.propose_admin(&admin, &next));
    (world, admin, next)
}

fn the_proposed_key_becomes_the_admin() {
    let (mut world, admin, next) = proposed();
    let receipt = world.run(&world.accept_admin(&next));
    let [Event::AdminAccepted(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config, event.config_seq), (pda::config(), 3));
    assert_eq!((event.actor, event.admin_before), (next.pubkey(), admin.pubkey()));
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!((config.admin, config.pending_admin), (next.pubkey(), None));
    world.run(&world.update_params(&next, &params()));
}

fn the_old_admin_has_no_right_left() {
    let (mut world, admin, next) = proposed();
    let guardian = world.actor("guardian");
    world.run(&world.accept_admin(&next));
    world.run(&world.set_guardian(&next, &guardian));
    let steps = [
        world.update_params(&admin, &params()),
        world.propose_admin(&admin, &admin),
        world.set_guardian(&admin, &admin),
        world.set_pause(&admin, true),
        world.set_reward_authorities(&admin, &[admin.pubkey()]),
        world.set_verifiers(&admin, &[admin.pubkey()]),
        world.withdraw_treasury(&admin, 1),
    ];
    // So that the treasury has somewhere to go.
    let (key, mint) = (admin.pubkey(), world.payment_mint);
    world.put_purse(&key, mint, 0);
    for step in &steps {
        assert_eq!(world.refused(step), mira(Error::WrongSigner), "{:?}", step.action);
    }
}

fn the_old_admin_stays_guardian_until_replaced() {
    let (mut world, admin, next) = proposed();
    world.run(&world.accept_admin(&next));
    world.run(&world.set_pause(&admin, true));
    assert_eq!(world.refused(&world.set_pause(&admin, false)), mira(Error::WrongSigner));
    world.run(&world.set_pause(&next, false));
}

fn refuses_when_nobody_is_proposed() {
    let mut world = World::bare();
    world.initialize();
    let (admin, stranger) = (world.admin.clone(), world.actor("stranger"));
    for actor in [&admin, &stranger] {
        assert_eq!(world.refused(&world.accept_admin(actor)), mira(Error::NoPendingAdmin));
    }
    let (mut world, _, next) = proposed();
    world.run(&world.accept_admin(&next));
    assert_eq!(world.refused(&world.accept_admin(&next)), mira(Error::NoPendingAdmin));
}

fn refuses_all_but_the_proposed_key() {
    let (mut world, admin, _) = proposed();
    let (guardian, stranger) = (world.actor("guardian"), world.actor("stranger"));
    world.run(&world.set_guardian(&admin, &guardian));
    for actor in [&admin, &guardian, &stranger] {
        assert_eq!(world.refused(&world.accept_admin(actor)), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let (mut world, _, next) = proposed();
    let step = world.accept_admin(&next).unsigned(&next.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (mut world, _, next) = proposed();
    let step = world.accept_admin(&next);
    let accounts = [("pending_admin", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
