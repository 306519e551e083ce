//! `close_lease`: either side brings the end forward; nobody puts it off.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::ix::UpdateProviderArgs;
use mira_core::Error;
use mira_testkit::Scene;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        the_operator_ends_it_at_once,
        the_owner_ends_it_at_once,
        a_new_operator_ends_it_and_the_old_one_does_not,
        the_requester_leaves_the_grace,
        refuses_to_put_it_off,
        refuses_everyone_else,
        refuses_a_released_lease,
        refuses_a_lease_that_is_not_there,
        refuses_another_providers_lease,
        refuses_other_accounts,
    ]
}

fn settle_until(scene: &Scene) -> i64 {
    scene.world.state::<state::Lease>(&scene.lease).unwrap().settle_until
}

fn the_operator_ends_it_at_once() {
    let mut scene = Scene::lease();
    let before = settle_until(&scene);
    let step = scene.world.close_lease(&scene.operator, &scene.lease);
    let receipt = scene.world.run(&step);
    let now = scene.world.now();
    assert_eq!(settle_until(&scene), now);
    let [Event::LeaseClosed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.lease_seq, event.actor), (2, scene.operator.pubkey()));
    assert_eq!((event.settle_until_before, event.settle_until_after), (before, now));
    assert_eq!(event.dispute_until_after, now + i64::from(params().dispute_window_secs));
}

fn the_owner_ends_it_at_once() {
    let mut scene = Scene::lease();
    let step = scene.world.close_lease(&scene.owner, &scene.lease);
    scene.world.run(&step);
    assert_eq!(settle_until(&scene), scene.world.now());
}

/// A key that the owner has replaced, because it was stolen perhaps, ends nothing any more.
fn a_new_operator_ends_it_and_the_old_one_does_not() {
    let mut scene = Scene::lease();
    let Scene { world, owner, operator, stranger, provider, lease, .. } = &mut scene;
    let args = UpdateProviderArgs { operator: Some(stranger.pubkey()), ..UpdateProviderArgs::default() };
    world.run(&world.update_provider(owner, provider, None, args));
    let by_the_old = world.close_lease(operator, lease);
    assert_eq!(world.refused(&by_the_old), mira(Error::WrongSigner));
    world.run(&world.close_lease(stranger, lease));
}

/// A pause does not stop it.
fn the_requester_leaves_the_grace() {
    let mut scene = Scene::lease();
    pause(&mut scene.world);
    let step = scene.world.close_lease(&scene.requester, &scene.lease);
    scene.world.run(&step);
    assert_eq!(settle_until(&scene), scene.world.now() + i64::from(params().grace_secs));
}

fn refuses_to_put_it_off() {
    let mut scene = Scene::lease();
    let Scene { world, operator, requester, lease, .. } = &mut scene;
    world.run(&world.close_lease(requester, lease));
    let again = world.close_lease(requester, lease);
    assert_eq!(world.refused(&again), mira(Error::LeaseAlreadyClosed));
    world.advance(1);
    assert_eq!(world.refused(&again), mira(Error::LeaseAlreadyClosed));
    let by_operator = world.close_lease(operator, lease);
    world.run(&by_operator);
    assert_eq!(world.refused(&by_operator), mira(Error::LeaseAlreadyClosed));
}

fn refuses_everyone_else() {
    let mut scene = Scene::lease();
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.signer] {
        let step = scene.world.close_lease(somebody, &scene.lease);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = scene.world.close_lease(&scene.operator, &scene.lease).unsigned(&scene.operator.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_released_lease() {
    let mut scene = Scene::lease();
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    let step = world.close_lease(operator, lease);
    assert_eq!(world.refused(&step), mira(Error::LeaseAlreadyReleased));
}

fn refuses_a_lease_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = scene.world.close_lease(&scene.operator, &scene.lease);
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&scene.lease, &next)), anchor(MISSING));
}

fn refuses_another_providers_lease() {
    let mut scene = Scene::lease();
    let (operator, second, lease) = scene.second_lease(1_000);
    // The second operator passes its own provider with the first one's lease.
    let step = scene.world.close_lease(&operator, &lease).swap(&lease, &scene.lease);
    assert_eq!(scene.world.tampered(&step), anchor(WRONG_ADDRESS));
    let step = scene.world.close_lease(&scene.operator, &scene.lease).swap(&scene.provider, &second);
    assert_eq!(scene.world.tampered(&step), anchor(WRONG_ADDRESS));
}

fn refuses_other_accounts() {
    let Scene { mut world, operator, lease, .. } = Scene::lease();
    let step = world.close_lease(&operator, &lease);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("the tests of signers")),
            ("provider", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
        ],
    );
}
