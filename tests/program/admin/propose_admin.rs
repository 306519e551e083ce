//! `propose_admin`: by the admin; changes nothing until the next one accepts.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_testkit::{Actor, World};

pub fn trials() -> Vec<Trial> {
    trials![
        names_the_next_and_changes_nothing_else,
        a_later_proposal_replaces_it,
        naming_the_present_admin_takes_it_back,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// A network, its admin, and somebody who is to follow.
fn network() -> (World, Actor, Actor) {
    let mut world = World::bare();
    world.initialize();
    let (admin, next) = (world.admin.clone(), world.actor("next admin"));
    (world, admin, next)
}

fn names_the_next_and_changes_nothing_else() {
    let (mut world, admin, next) = network();
    let receipt = world.run(&world.propose_admin(&admin, &next));
    let [Event::AdminProposed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config, event.config_seq, event.actor), (pda::config(), 2, admin.pubkey()));
    assert_eq!((event.pending_before, event.pending_after), (None, Some(next.pubkey())));
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!((config.admin, config.pending_admin), (admin.pubkey(), Some(next.pubkey())));
    assert_eq!(world.refused(&world.set_pause(&next, true)), mira(Error::WrongSigner));
}

fn a_later_proposal_replaces_it() {
    let (mut world, admin, next) = network();
    let other = world.actor("other admin");
    world.run(&world.propose_admin(&admin, &next));
    let receipt = world.run(&world.propose_admin(&admin, &other));
    let [Event::AdminProposed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.pending_before, event.pending_after), (Some(next.pubkey()), Some(other.pubkey())));
    assert_eq!(world.refused(&world.accept_admin(&next)), mira(Error::WrongSigner));
    world.run(&world.accept_admin(&other));
}

fn naming_the_present_admin_takes_it_back() {
    let (mut world, admin, next) = network();
    world.run(&world.propose_admin(&admin, &next));
    let receipt = world.run(&world.propose_admin(&admin, &admin));
    let [Event::AdminProposed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.pending_before, event.pending_after), (Some(next.pubkey()), None));
    for actor in [&next, &admin] {
        assert_eq!(world.refused(&world.accept_admin(actor)), mira(Error::NoPendingAdmin));
    }
}

fn refuses_all_but_the_admin() {
    let (mut world, admin, next) = network();
    let (guardian, stranger) = (world.actor("guardian"), world.actor("stranger"));
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    for actor in [&guardian, &next, &stranger] {
        assert_eq!(world.refused(&world.propose_admin(actor, actor)), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let (mut world, admin, next) = network();
    let step = world.propose_admin(&admin, &next).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (mut world, admin, next) = network();
    let step = world.propose_admin(&admin, &next);
    let accounts = [("admin", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
