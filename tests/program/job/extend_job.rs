//! `extend_job`: by the requester, later than before, no further than a new job; leases keep their terms.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_core::Error;
use mira_core::params::Params;
use mira_testkit::scene::CAP;
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        puts_the_deadline_off,
        leases_keep_their_terms,
        later_leases_may_last_longer,
        brings_a_job_back_that_was_due,
        takes_the_networks_present_grace,
        reaches_as_far_as_a_new_job,
        refuses_a_deadline_that_is_not_later,
        refuses_a_deadline_in_the_past,
        refuses_a_closing_job,
        refuses_while_paused,
        refuses_everyone_else,
        refuses_a_job_that_is_not_there,
        refuses_other_accounts,
    ]
}

/// How long the job of a scene lasts.
const JOB_SECS: u32 = 500;

/// Asks for a deadline so many seconds from now.
fn extend(scene: &Scene, secs: u32) -> Step {
    scene.world.extend_job(&scene.requester, &scene.job, scene.world.now() + i64::from(secs))
}

fn job(scene: &Scene) -> state::Job {
    scene.world.state(&scene.job).unwrap()
}

fn puts_the_deadline_off() {
    let mut scene = Scene::job();
    let before = job(&scene);
    let step = extend(&scene, JOB_SECS + 1);
    let receipt = scene.world.run(&step);
    let (deadline, due_at) = (before.deadline + 1, before.deadline + 1 + i64::from(params().grace_secs));
    let [Event::JobExtended(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.job, event.job_seq, event.actor), (scene.job, 3, scene.requester.pubkey()));
    assert_eq!((event.deadline_before, event.deadline_after), (before.deadline, deadline));
    assert_eq!(event.due_at_after, due_at);
    assert_eq!(job(&scene), state::Job { deadline, due_at, seq: 3, ..before });
}

fn leases_keep_their_terms() {
    let mut scene = Scene::lease();
    let before: state::Lease = scene.world.state(&scene.lease).unwrap();
    let step = extend(&scene, JOB_SECS + 100);
    scene.world.run(&step);
    assert_eq!(scene.world.state::<state::Lease>(&scene.lease), Some(before.clone()));
    let until = u32::try_from(before.settle_until - scene.world.now()).unwrap();
    scene.world.advance(until);
    let release = scene.world.release_lease(&scene.stranger, &scene.lease);
    scene.world.run(&release);
}

fn later_leases_may_last_longer() {
    let mut scene = Scene::job();
    scene.world.advance(JOB_SECS - 59);
    let Scene { world, operator, dispatcher, provider, job, .. } = &mut scene;
    let open = world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now()));
    assert_eq!(world.refused(&open), mira(Error::LeaseExpiryPastDeadline));
    let step = extend(&scene, 60);
    scene.world.run(&step);
    scene.world.run(&open);
}

/// Past its deadline and grace anyone may close it, until the requester wants more time.
fn brings_a_job_back_that_was_due() {
    let mut scene = Scene::job();
    scene.world.advance(JOB_SECS + params().grace_secs);
    let step = extend(&scene, 10);
    scene.world.run(&step);
    let close = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    scene.world.advance(10 + params().grace_secs - 1);
    assert_eq!(scene.world.refused(&close), mira(Error::JobNotDue));
    scene.world.advance(1);
    scene.world.run(&close);
}

fn takes_the_networks_present_grace() {
    let mut scene = Scene::job();
    let (admin, grace_secs) = (scene.world.admin.clone(), 2 * params().grace_secs);
    let step = scene.world.update_params(&admin, &Params { grace_secs, ..params() });
    scene.world.run(&step);
    let step = extend(&scene, JOB_SECS + 1);
    scene.world.run(&step);
    let job = job(&scene);
    assert_eq!(job.due_at, job.deadline + i64::from(grace_secs));
}

fn reaches_as_far_as_a_new_job() {
    let mut scene = Scene::job();
    let step = extend(&scene, params().max_job_secs + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::DeadlineTooFar));
    let step = scene.world.extend_job(&scene.requester, &scene.job, i64::MAX);
    assert_eq!(scene.world.refused(&step), mira(Error::DeadlineTooFar));
    let step = extend(&scene, params().max_job_secs);
    scene.world.run(&step);
}

fn refuses_a_deadline_that_is_not_later() {
    let mut scene = Scene::job();
    for secs in [JOB_SECS, JOB_SECS - 1, 0] {
        let step = extend(&scene, secs);
        assert_eq!(scene.world.refused(&step), mira(Error::DeadlineNotLater));
    }
}

fn refuses_a_deadline_in_the_past() {
    let mut scene = Scene::job();
    let later = extend(&scene, JOB_SECS + 3);
    scene.world.advance(JOB_SECS + 3);
    assert_eq!(scene.world.refused(&later), mira(Error::DeadlineInPast));
    let step = extend(&scene, 1);
    scene.world.run(&step);
}

fn refuses_a_closing_job() {
    let mut scene = Scene::job();
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    let step = extend(&scene, JOB_SECS + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotOpen));
}

fn refuses_while_paused() {
    let mut scene = Scene::job();
    pause(&mut scene.world);
    let step = extend(&scene, JOB_SECS + 1);
    assert_eq!(scene.world.refused(&step), mira(Error::Paused));
}

fn refuses_everyone_else() {
    let mut scene = Scene::job();
    let deadline = scene.world.now() + i64::from(JOB_SECS) + 1;
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.signer, &scene.owner] {
        let step = scene.world.extend_job(somebody, &scene.job, deadline);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = extend(&scene, JOB_SECS + 1).unsigned(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_job_that_is_not_there() {
    let mut scene = Scene::network();
    let step = extend(&scene, JOB_SECS + 1);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let mut scene = Scene::job();
    let step = extend(&scene, JOB_SECS + 1);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("requester", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
        ],
    );
}
