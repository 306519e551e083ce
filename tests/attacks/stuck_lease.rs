//! A lease that both sides forget, in every state: open and unpaid, paid in part, paid in full, closed by either
//! side, its job closing, released, judged. After its deadline one stranger's `release_lease` returns the escrow,
//! and after the next one a stranger's `end_lease` frees the stake. A pause changes nothing.

use super::support::{pause_if, payment};
use crate::program::support::mira;
use libtest_mimic::Trial;
use mira::state;
use mira_core::Error;
use mira_testkit::Scene;
use mira_testkit::scene::CAP;
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![
        open_and_unpaid,
        open_and_paid_in_part,
        open_and_paid_in_full,
        closed_by_the_provider,
        closed_by_the_requester,
        with_its_job_closing,
        with_its_job_gone,
        judged,
    ]
}

/// The lease of every scene runs for so long.
const RUNS: u32 = 60;

/// Released by a stranger `release` seconds from now and no earlier, ended when nobody can dispute it any more.
fn ends(scene: &mut Scene, paused: bool, release: u32) {
    pause_if(&mut scene.world, paused);
    releases(scene, release);
    frees(scene, params().dispute_window_secs);
}

fn releases(scene: &mut Scene, wait: u32) {
    let Scene { world, stranger, lease, job, .. } = scene;
    let step = world.release_lease(stranger, lease);
    if wait > 0 {
        world.advance(wait - 1);
        assert_eq!(world.refused(&step), mira(Error::LeaseNotDue));
        world.advance(1);
    }
    world.run(&step);
    let books: state::Job = world.state(job).unwrap();
    assert_eq!((books.committed, books.open_leases), (0, 0));
}

/// The rent is the operator's again, and no stake is exposed.
fn frees(scene: &mut Scene, wait: u32) {
    let Scene { world, operator, stranger, lease, provider, .. } = scene;
    let end = world.end_lease(stranger, lease);
    world.advance(wait - 1);
    assert_eq!(world.refused(&end), mira(Error::DisputeWindowOpen));
    world.advance(1);
    let (rent, before) = (world.lamports(lease), world.lamports(&operator.pubkey()));
    world.run(&end);
    assert_eq!(world.lamports(&operator.pubkey()), before + rent);
    let books: state::Provider = world.state(provider).unwrap();
    assert_eq!((books.exposure, books.open_leases), (0, 0));
}

fn paid(amount: u64) {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        if amount > 0 {
            let step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, amount, 1);
            scene.world.run(&step);
        }
        ends(&mut scene, paused, RUNS + params().grace_secs);
        let Scene { world, owner, requester, stranger, job, .. } = &mut scene;
        world.advance(1_000);
        world.run(&world.close_job(stranger, requester, job));
        assert_eq!(payment(world, requester), PURSE - amount);
        assert_eq!(payment(world, owner), PURSE + amount - amount.div_ceil(100));
    }
}

fn open_and_unpaid() {
    paid(0);
}

fn open_and_paid_in_part() {
    paid(777);
}

fn open_and_paid_in_full() {
    paid(CAP);
}

fn closed_by_the_provider() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let step = scene.world.close_lease(&scene.operator, &scene.lease);
        scene.world.run(&step);
        ends(&mut scene, paused, 0);
    }
}

fn closed_by_the_requester() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let step = scene.world.close_lease(&scene.requester, &scene.lease);
        scene.world.run(&step);
        ends(&mut scene, paused, params().grace_secs);
    }
}

fn with_its_job_closing() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let step = scene.world.begin_close_job(&scene.requester, &scene.job);
        scene.world.run(&step);
        ends(&mut scene, paused, params().grace_secs);
    }
}

/// Released; its job is closed before it ends.
fn with_its_job_gone() {
    for paused in [false, true] {
        let mut scene = Scene::lease();
        let Scene { world, requester, stranger, operator, lease, job, .. } = &mut scene;
        world.run(&world.close_lease(operator, lease));
        world.run(&world.release_lease(stranger, lease));
        world.run(&world.begin_close_job(requester, job));
        pause_if(world, paused);
        world.advance(params().dispute_window_secs - 1);
        world.run(&world.close_job(stranger, requester, job));
        frees(&mut scene, 1);
    }
}

/// Its dispute was lost: it exposes nothing any more, and ends all the same.
fn judged() {
    for paused in [false, true] {
        let mut scene = Scene::disputed();
        scene.stay_silent();
        let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
        scene.world.run(&step);
        ends(&mut scene, paused, RUNS + params().grace_secs - params().dispute.respond_secs);
    }
}
