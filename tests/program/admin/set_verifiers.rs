//! `set_verifiers`: by the admin; each set has a number of its own.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::Verdict;
use mira_testkit::scene::dispute::verifiers;
use mira_testkit::{Actor, Scene, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        the_admin_names_up_to_seven,
        the_same_set_again_is_another_set,
        a_dispute_contested_before_can_only_be_dismissed,
        refuses_eight_or_one_twice_or_an_empty_key,
        refuses_all_but_the_admin,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// The keys of so many actors.
fn keys(count: usize) -> Vec<Pubkey> {
    (0..count).map(|number| Actor::new(&format!("key {number}")).pubkey()).collect()
}

fn network() -> World {
    let mut world = World::bare();
    world.initialize();
    world
}

fn the_admin_names_up_to_seven() {
    let mut world = network();
    let admin = world.admin.clone();
    for (number, count) in (1..).zip([7, 1, 0]) {
        let receipt = world.run(&world.set_verifiers(&admin, &keys(count)));
        let [Event::VerifiersSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.config, event.actor), (pda::config(), admin.pubkey()));
        assert_eq!((event.verifier_set, &event.verifiers), (number, &keys(count)));
        let config: state::Config = world.state(&pda::config()).unwrap();
        assert_eq!((config.verifiers, config.verifier_set), (keys(count), number));
        assert_eq!(config.seq, event.config_seq);
    }
}

fn the_same_set_again_is_another_set() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.set_verifiers(&admin, &keys(3));
    for number in 1..=2 {
        let receipt = world.run(&step);
        let [Event::VerifiersSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!(event.verifier_set, number);
    }
}

fn a_dispute_contested_before_can_only_be_dismissed() {
    let mut scene = Scene::contested();
    let Scene { world, stranger, lease, .. } = &mut scene;
    let (admin, judges) = (world.admin.clone(), verifiers());
    world.run(&world.vote_dispute(&judges[0], lease, true));
    world.run(&world.set_verifiers(&admin, &judges.each_ref().map(Actor::pubkey)));
    assert_eq!(world.refused(&world.vote_dispute(&judges[1], lease, true)), mira(Error::VerifierSetChanged));
    let receipt = world.run(&world.resolve_dispute(stranger, lease));
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.verdict, event.slashed_own), (Verdict::Dismissed.as_u8(), 0));
}

fn refuses_eight_or_one_twice_or_an_empty_key() {
    let mut world = network();
    let admin = world.admin.clone();
    let [one, two] = [keys(2)[0], keys(2)[1]];
    for set in [keys(8), vec![one, two, one], vec![one, one], vec![Pubkey::default()], vec![one, Pubkey::default()]] {
        let refusal = world.refused(&world.set_verifiers(&admin, &set));
        assert_eq!(refusal, mira(Error::InvalidKeySet), "{set:?}");
    }
}

fn refuses_all_but_the_admin() {
    let mut world = network();
    let (admin, guardian) = (world.admin.clone(), world.actor("guardian"));
    let (next, verifier) = (world.actor("next admin"), world.actor("verifier"));
    world.run(&world.set_guardian(&admin, &guardian));
    world.run(&world.propose_admin(&admin, &next));
    world.run(&world.set_verifiers(&admin, &[verifier.pubkey()]));
    for actor in [&guardian, &next, &verifier] {
        let step = world.set_verifiers(actor, &[actor.pubkey(), admin.pubkey()]);
        assert_eq!(world.refused(&step), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.set_verifiers(&admin, &keys(3)).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let mut world = network();
    let admin = world.admin.clone();
    let step = world.set_verifiers(&admin, &keys(3));
    let accounts = [("admin", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
