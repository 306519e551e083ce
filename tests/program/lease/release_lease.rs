//! `release_lease`: by anyone when due; from then on no voucher pays.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::job::job_id;
use mira_testkit::Scene;
use mira_testkit::scene::CAP;
use mira_testkit::step::terms;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        returns_what_was_not_settled,
        is_due_at_once_if_the_provider_closed,
        a_closing_job_brings_it_forward,
        refuses_before_it_is_due,
        refuses_a_second_time,
        refuses_without_a_signature,
        refuses_a_lease_that_is_not_there,
        refuses_another_jobs_lease,
        refuses_other_accounts,
    ]
}

/// The lease's 60 seconds, and its grace.
const DUE: u32 = 60 + 20;

fn returns_what_was_not_settled() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, lease, job, .. } = &mut scene;
    world.run(&world.settle(stranger, signer, lease, 300, 1));
    world.advance(DUE);
    let receipt = world.run(&world.release_lease(stranger, lease));
    let books: state::Job = world.state(job).unwrap();
    assert_eq!((books.committed, books.open_leases, books.paid), (0, 0, 300));
    let [Event::LeaseReleased(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.returned, event.job_committed_before, event.job_committed_after), (CAP - 300, CAP - 300, 0));
    assert_eq!((event.lease_seq, event.job_seq, event.actor), (3, 5, stranger.pubkey()));
}

/// A pause does not stop it.
fn is_due_at_once_if_the_provider_closed() {
    let mut scene = Scene::lease();
    pause(&mut scene.world);
    let Scene { world, stranger, operator, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
}

fn a_closing_job_brings_it_forward() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, requester, lease, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    let closing = world.now();
    world.advance(params().grace_secs + 5);
    world.run(&world.release_lease(stranger, lease));
    let books: state::Lease = world.state(lease).unwrap();
    assert_eq!(books.settle_until, closing + i64::from(params().grace_secs));
    assert_eq!(books.dispute_until, books.settle_until + i64::from(params().dispute_window_secs));
}

fn refuses_before_it_is_due() {
    let mut scene = Scene::lease();
    let step = scene.world.release_lease(&scene.stranger, &scene.lease);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseNotDue));
    scene.world.advance(DUE - 1);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseNotDue));
    scene.world.advance(1);
    scene.world.run(&step);
}

fn refuses_a_second_time() {
    let mut scene = Scene::lease();
    scene.world.advance(DUE);
    let step = scene.world.release_lease(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseAlreadyReleased));
}

fn refuses_without_a_signature() {
    let mut scene = Scene::lease();
    scene.world.advance(DUE);
    let step = scene.world.release_lease(&scene.stranger, &scene.lease).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_lease_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = scene.world.release_lease(&scene.stranger, &scene.lease);
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&scene.lease, &next)), anchor(MISSING));
}

fn refuses_another_jobs_lease() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, lease, job, .. } = &mut scene;
    let mut other = terms(stranger, signer, None, world.now());
    other.job_id = job_id(world.now(), 2).unwrap();
    world.run(&world.create_job(stranger, &other));
    let other = pda::job(&stranger.pubkey(), other.job_id);
    world.advance(DUE);
    let step = world.release_lease(stranger, lease).swap(job, &other);
    assert_eq!(world.tampered(&step), anchor(WRONG_ADDRESS));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, lease, .. } = Scene::lease();
    world.advance(DUE);
    let step = world.release_lease(&stranger, &lease);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("job", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
        ],
    );
}
