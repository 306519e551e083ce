//! `end_lease`: by anyone, after release and the time to dispute; the rent goes to who paid it.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_core::Error;
use mira_testkit::Scene;
use mira_testkit::scene::CAP;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        frees_exposure_and_returns_the_rent,
        works_when_the_job_is_gone,
        refuses_before_release,
        refuses_while_it_may_be_disputed,
        refuses_a_second_time,
        refuses_without_a_signature,
        refuses_another_providers_lease,
        refuses_other_accounts,
    ]
}

/// The lease is released, and its time to dispute is over.
fn ended() -> Scene {
    let mut scene = Scene::lease();
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs);
    scene
}

fn frees_exposure_and_returns_the_rent() {
    let mut scene = ended();
    let Scene { world, stranger, operator, lease, provider, .. } = &mut scene;
    let rent = world.lamports(lease);
    let before = world.lamports(&operator.pubkey());
    let receipt = world.run(&world.end_lease(stranger, lease));
    assert_eq!(world.lamports(&operator.pubkey()), before + rent);
    let books: state::Provider = world.state(provider).unwrap();
    assert_eq!((books.exposure, books.open_leases), (0, 0));
    let [Event::LeaseEnded(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.exposure, event.provider_exposure_before, event.provider_exposure_after), (CAP / 2, CAP / 2, 0));
    assert_eq!((event.lease_seq, event.rent_payer, event.actor), (4, operator.pubkey(), stranger.pubkey()));
}

/// A pause does not stop it either.
fn works_when_the_job_is_gone() {
    let mut scene = ended();
    pause(&mut scene.world);
    let Scene { world, stranger, requester, lease, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.run(&world.close_job(stranger, requester, job));
    world.run(&world.end_lease(stranger, lease));
}

fn refuses_before_release() {
    let mut scene = Scene::lease();
    scene.world.advance(1_000);
    let step = scene.world.end_lease(&scene.stranger, &scene.lease);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseNotReleased));
}

fn refuses_while_it_may_be_disputed() {
    let mut scene = Scene::lease();
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs - 1);
    let step = world.end_lease(stranger, lease);
    assert_eq!(world.refused(&step), mira(Error::DisputeWindowOpen));
}

fn refuses_a_second_time() {
    let mut scene = ended();
    let step = scene.world.end_lease(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_without_a_signature() {
    let mut scene = ended();
    let step = scene.world.end_lease(&scene.stranger, &scene.lease).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_another_providers_lease() {
    let mut scene = ended();
    let (_, second, _) = scene.second_lease(1_000);
    let step = scene.world.end_lease(&scene.stranger, &scene.lease).swap(&scene.provider, &second);
    assert_eq!(scene.world.tampered(&step), anchor(WRONG_ADDRESS));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, lease, .. } = ended();
    let step = world.end_lease(&stranger, &lease);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("provider", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("rent_payer", Error::WrongAccount.into()),
        ],
    );
}
