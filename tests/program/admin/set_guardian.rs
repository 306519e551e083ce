//! `set_guardian`: by the admin; the guardian can stop and nothing else.

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
        the_admin_names_another,
        the_old_guardian_stops_nothing_more,
        the_guardian_governs_nothing,
        refuses_the_present_one,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// A network, its admin, and somebody to guard it.
fn network() -> (World, Actor, Actor) {
    let mut world = World::bare();
    world.initialize();
    let (admin, guardian) = (world.admin.clone(), world.actor("guardian"));
    (world, admin, guardian)
}

fn the_admin_names_another() {
    let (mut world, admin, guardian) = network();
    let receipt = world.run(&world.set_guardian(&admin, &guardian));
    let [Event::GuardianSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config, event.config_seq, event.actor), (pda::config(), 2, admin.pubkey()));
    assert_eq!((event.guardian_before, event.guardian_after), (admin.pubkey(), guardian.pubkey()));
    let config: state::Config = world.state(&pda::config()).unwrap();
    assert_eq!((config.guardian, config.admin), (guardian.pubkey(), admin.pubkey()));
    world.run(&world.set_pause(&guardian, true));
}

fn the_old_guardian_stops_nothing_more() {
    let (mut world, admin, guardian) = network();
    let other = world.actor("other guardian");
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.set_guardian(&admin, &other));
    assert_eq!(world.refused(&world.set_pause(&guardian, true)), mira(Error::WrongSigner));
    world.run(&world.set_pause(&other, true));
}

fn the_guardian_governs_nothing() {
    let (mut world, admin, guardian) = network();
    world.run(&world.set_guardian(&admin, &guardian));
    let steps = [
        world.update_params(&guardian, &params()),
        world.propose_admin(&guardian, &guardian),
        world.set_guardian(&guardian, &admin),
        world.set_reward_authorities(&guardian, &[guardian.pubkey()]),
        world.set_verifiers(&guardian, &[guardian.pubkey()]),
        world.withdraw_treasury(&guardian, 1),
    ];
    for step in &steps {
        assert_eq!(world.refused(step), mira(Error::WrongSigner), "{:?}", step.action);
    }
}

fn refuses_the_present_one() {
    let (mut world, admin, guardian) = network();
    assert_eq!(world.refused(&world.set_guardian(&admin, &admin)), mira(Error::NothingChanges));
    let step = world.set_guardian(&admin, &guardian);
    world.run(&step);
    assert_eq!(world.refused(&step), mira(Error::NothingChanges));
}

fn refuses_all_but_the_admin() {
    let (mut world, admin, guardian) = network();
    let (next, stranger) = (world.actor("next admin"), world.actor("stranger"));
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    for actor in [&guardian, &next, &stranger] {
        assert_eq!(world.refused(&world.set_guardian(actor, actor)), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let (mut world, admin, guardian) = network();
    let step = world.set_guardian(&admin, &guardian).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (mut world, admin, guardian) = network();
    let step = world.set_guardian(&admin, &guardian);
    let accounts = [("admin", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
