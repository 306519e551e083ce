//! A job that its requester forgets, in every state: open and empty, open and funded, with its leases released,
//! closing. After the deadline one stranger's `close_job` ends it, and every base unit is the requester's.
//! A pause changes nothing. A job with an unreleased lease is `stuck_lease`'s.

use super::support::{pause_if, payment};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::Scene;
use mira_testkit::step::terms;
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![open_and_empty, open_and_funded, open_with_a_released_lease, closing, closing_with_a_lease_released_later]
}

/// From the deadline of every scene's job to when anyone may close it.
fn due() -> u32 {
    500 + params().grace_secs
}

/// One second too early it is refused so; then a stranger ends it, and the requester has all but `paid`.
fn ends(mut scene: Scene, paused: bool, wait: u32, early: Error, paid: u64) {
    pause_if(&mut scene.world, paused);
    let Scene { world, requester, stranger, job, .. } = &mut scene;
    let close = world.close_job(stranger, requester, job);
    world.advance(wait - 1);
    assert_eq!(world.refused(&close), mira(early));
    world.advance(1);
    let (lamports, fee) = (world.lamports(&requester.pubkey()), world.lamports(job));
    world.run(&close);
    assert_eq!(payment(world, requester), PURSE - paid);
    assert!(world.lamports(&requester.pubkey()) > lamports + fee, "both rents");
    assert!(world.model.jobs.is_empty());
}

fn open_and_empty() {
    for paused in [false, true] {
        let mut scene = Scene::network();
        let Scene { world, requester, signer, .. } = &mut scene;
        world.run(&world.create_job(requester, &terms(requester, signer, None, world.now())));
        ends(scene, paused, due(), Error::JobNotDue, 0);
    }
}

fn open_and_funded() {
    for paused in [false, true] {
        ends(Scene::job(), paused, due(), Error::JobNotDue, 0);
    }
}

/// The provider has left, and half was paid.
fn open_with_a_released_lease() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let Scene { world, operator, signer, stranger, lease, .. } = &mut scene;
        world.run(&world.settle(stranger, signer, lease, 10_000, 1));
        world.run(&world.close_lease(operator, lease));
        world.run(&world.release_lease(stranger, lease));
        ends(scene, paused, due(), Error::JobNotDue, 10_000);
    }
}

fn closing() {
    for paused in [false, true] {
        let mut scene = Scene::job();
        let step = scene.world.begin_close_job(&scene.requester, &scene.job);
        scene.world.run(&step);
        ends(scene, paused, 2 * params().job_id_window_secs, Error::JobTooYoung, 0);
    }
}

/// The requester closes and vanishes while a lease is open: the lease's own crank comes first.
fn closing_with_a_lease_released_later() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let Scene { world, requester, stranger, lease, job, .. } = &mut scene;
        world.run(&world.begin_close_job(requester, job));
        pause_if(world, paused);
        world.advance(params().grace_secs);
        let close = world.close_job(stranger, requester, job);
        assert_eq!(world.refused(&close), mira(Error::JobHasLeases));
        world.run(&world.release_lease(stranger, lease));
        world.run(&close);
        assert_eq!(payment(world, requester), PURSE);
    }
}
