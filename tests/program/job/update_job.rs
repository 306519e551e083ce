//! `update_job`: by the requester, while the job is open; only leases to come see the new keys.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_core::Error;
use mira_testkit::step::lease_terms;
use mira_testkit::{Actor, Scene, Step};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        names_both_keys,
        the_new_signer_holds_for_later_leases_only,
        the_new_dispatcher_matches_and_the_old_one_does_not,
        takes_the_dispatcher_away,
        changes_one_key_alone,
        works_while_paused,
        refuses_what_it_is_already,
        refuses_an_empty_signer,
        refuses_a_closing_job,
        refuses_everyone_else,
        refuses_a_job_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn update(scene: &Scene, signer: &Actor, dispatcher: Option<&Actor>) -> Step {
    let dispatcher = dispatcher.map(Actor::pubkey);
    scene.world.update_job(&scene.requester, &scene.job, &signer.pubkey(), dispatcher.as_ref())
}

/// A lease between the job and the provider, matched by `matcher`.
fn open(scene: &Scene, matcher: &Actor) -> Step {
    let terms = lease_terms(1_000, scene.world.now());
    scene.world.open_lease(&scene.operator, matcher, (&scene.job, &scene.provider), &terms)
}

fn names_both_keys() {
    let mut scene = Scene::job();
    let before: state::Job = scene.world.state(&scene.job).unwrap();
    let step = update(&scene, &scene.owner, Some(&scene.stranger));
    let receipt = scene.world.run(&step);
    let [Event::JobUpdated(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    let (signer, dispatcher) = (scene.owner.pubkey(), Some(scene.stranger.pubkey()));
    assert_eq!((event.job, event.job_seq, event.actor), (scene.job, 3, scene.requester.pubkey()));
    assert_eq!((event.voucher_signer_before, event.voucher_signer_after), (scene.signer.pubkey(), signer));
    assert_eq!((event.dispatcher_before, event.dispatcher_after), (Some(scene.dispatcher.pubkey()), dispatcher));
    let after: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!(after, state::Job { voucher_signer: signer, dispatcher, seq: 3, ..before });
}

fn the_new_signer_holds_for_later_leases_only() {
    let mut scene = Scene::lease();
    let step = update(&scene, &scene.owner, Some(&scene.dispatcher));
    scene.world.run(&step);
    let later = scene.world.next_lease(&scene.job, &scene.provider);
    let step = open(&scene, &scene.dispatcher);
    scene.world.run(&step);
    let Scene { world, stranger, signer, owner, lease, .. } = &mut scene;
    for (lease, now, not) in [(&*lease, &*signer, &*owner), (&later, owner, signer)] {
        let forged = world.settle(stranger, not, lease, 100, 1);
        assert_eq!(world.refused(&forged), mira(Error::VoucherWrongKey), "{}", not.name);
        world.run(&world.settle(stranger, now, lease, 100, 1));
    }
}

fn the_new_dispatcher_matches_and_the_old_one_does_not() {
    let mut scene = Scene::job();
    let step = update(&scene, &scene.signer, Some(&scene.stranger));
    scene.world.run(&step);
    let step = open(&scene, &scene.dispatcher);
    assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner));
    let step = open(&scene, &scene.stranger);
    scene.world.run(&step);
}

fn takes_the_dispatcher_away() {
    let mut scene = Scene::job();
    let step = update(&scene, &scene.signer, None);
    scene.world.run(&step);
    let step = open(&scene, &scene.dispatcher);
    assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner));
    let step = open(&scene, &scene.requester);
    scene.world.run(&step);
    let step = update(&scene, &scene.signer, Some(&scene.dispatcher));
    scene.world.run(&step);
    let step = open(&scene, &scene.dispatcher);
    scene.world.run(&step);
}

fn changes_one_key_alone() {
    let mut scene = Scene::job();
    let step = update(&scene, &scene.signer, Some(&scene.stranger));
    scene.world.run(&step);
    let step = update(&scene, &scene.owner, Some(&scene.stranger));
    scene.world.run(&step);
    let job: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!((job.voucher_signer, job.dispatcher), (scene.owner.pubkey(), Some(scene.stranger.pubkey())));
}

fn works_while_paused() {
    let mut scene = Scene::job();
    pause(&mut scene.world);
    let step = update(&scene, &scene.signer, None);
    scene.world.run(&step);
}

fn refuses_what_it_is_already() {
    let mut scene = Scene::job();
    let step = update(&scene, &scene.signer, Some(&scene.dispatcher));
    assert_eq!(scene.world.refused(&step), mira(Error::NothingChanges));
}

fn refuses_an_empty_signer() {
    let mut scene = Scene::job();
    let dispatcher = scene.dispatcher.pubkey();
    let step = scene.world.update_job(&scene.requester, &scene.job, &Pubkey::default(), Some(&dispatcher));
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidSpec));
}

fn refuses_a_closing_job() {
    let mut scene = Scene::job();
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    let step = update(&scene, &scene.signer, None);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotOpen));
}

fn refuses_everyone_else() {
    let mut scene = Scene::job();
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.signer, &scene.operator] {
        let step = scene.world.update_job(somebody, &scene.job, &somebody.pubkey(), None);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = update(&scene, &scene.signer, None).unsigned(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_job_that_is_not_there() {
    let mut scene = Scene::network();
    let step = update(&scene, &scene.signer, None);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let mut scene = Scene::job();
    let step = update(&scene, &scene.signer, None);
    copies_are_refused(
        &mut scene.world,
        &step,
        [("requester", Copy::Elsewhere("the tests of signers")), ("job", WRONG_ADDRESS.into())],
    );
}
