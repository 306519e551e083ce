//! `begin_close_job`: by the requester, once; leases keep their grace.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_core::Error;
use mira_core::job::JobStatus;
use mira_testkit::Scene;
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![
        the_requester_stops_leases,
        leases_keep_their_grace,
        works_while_paused,
        refuses_a_second_time,
        refuses_everyone_else,
        refuses_a_job_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn the_requester_stops_leases() {
    let mut scene = Scene::job();
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    let receipt = scene.world.run(&step);
    let job: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!((job.status, job.closing_at), (JobStatus::Closing.as_u8(), scene.world.now()));
    let [Event::JobClosing(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.job, event.job_seq, event.actor), (scene.job, 3, scene.requester.pubkey()));
    assert_eq!(event.closing_at, scene.world.now());
}

fn leases_keep_their_grace() {
    let mut scene = Scene::lease();
    let Scene { world, requester, stranger, signer, job, lease, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(params().grace_secs - 1);
    let release = world.release_lease(stranger, lease);
    assert_eq!(world.refused(&release), mira(Error::LeaseNotDue));
    world.run(&world.settle(stranger, signer, lease, 100, 1));
    world.advance(1);
    world.run(&release);
}

fn works_while_paused() {
    let mut scene = Scene::job();
    pause(&mut scene.world);
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&step);
}

fn refuses_a_second_time() {
    let mut scene = Scene::job();
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::JobAlreadyClosing));
}

fn refuses_everyone_else() {
    let mut scene = Scene::job();
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.signer, &scene.owner] {
        let step = scene.world.begin_close_job(somebody, &scene.job);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = scene.world.begin_close_job(&scene.requester, &scene.job).unsigned(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_job_that_is_not_there() {
    let mut scene = Scene::network();
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let Scene { mut world, requester, job, .. } = Scene::job();
    let step = world.begin_close_job(&requester, &job);
    copies_are_refused(
        &mut world,
        &step,
        [("requester", Copy::Elsewhere("the tests of signers")), ("job", WRONG_ADDRESS.into())],
    );
}
