//! `respond_dispute`: by the owner, once, in time; it concedes or contests.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::Stage;
use mira_testkit::scene::STAKED;
use mira_testkit::scene::dispute::{ANSWER, BOND};
use mira_testkit::world::params;
use mira_testkit::{Actor, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        contests_with_an_answer,
        concedes_without_one,
        answers_until_the_last_second,
        refuses_when_the_time_is_over,
        refuses_a_second_answer,
        refuses_everyone_else,
        refuses_another_provider,
        refuses_without_a_signature,
        refuses_a_dispute_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn dispute(scene: &Scene) -> state::Dispute {
    scene.world.state(&pda::dispute(&scene.lease)).unwrap()
}

fn contests_with_an_answer() {
    let mut scene = Scene::disputed();
    scene.world.advance(3);
    let step = scene.world.respond_dispute(&scene.owner, &scene.lease, Some(ANSWER));
    let receipt = scene.world.run(&step);
    let vote_until = scene.world.now() + i64::from(params().dispute.vote_secs);
    let after = dispute(&scene);
    assert_eq!((after.stage, after.answer, after.vote_until), (Stage::Contested.as_u8(), ANSWER, vote_until));
    assert_eq!((after.votes_for, after.votes_against, after.voted), (0, 0, 0));
    let [Event::DisputeAnswered(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.dispute, event.dispute_seq, event.lease), (pda::dispute(&scene.lease), 2, scene.lease));
    assert_eq!((event.actor, event.contested, event.answer), (scene.owner.pubkey(), true, ANSWER));
    assert_eq!((event.vote_until, event.verifier_set), (vote_until, 1));
    // It needs no bond of its own.
    assert_eq!(scene.world.balance(&pda::stake_vault()), Some(STAKED + BOND));
}

fn concedes_without_one() {
    let mut scene = Scene::disputed();
    let step = scene.world.respond_dispute(&scene.owner, &scene.lease, None);
    let receipt = scene.world.run(&step);
    let after = dispute(&scene);
    assert_eq!((after.stage, after.answer, after.vote_until), (Stage::Conceded.as_u8(), [0; 32], 0));
    let [Event::DisputeAnswered(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.actor, event.contested, event.answer), (scene.owner.pubkey(), false, [0; 32]));
    assert_eq!((event.vote_until, event.verifier_set), (0, 0));
}

fn answers_until_the_last_second() {
    for answer in [None, Some(ANSWER)] {
        let mut scene = Scene::disputed();
        scene.world.advance(params().dispute.respond_secs - 1);
        let step = scene.world.respond_dispute(&scene.owner, &scene.lease, answer);
        scene.world.run(&step);
    }
}

fn refuses_when_the_time_is_over() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    for answer in [None, Some(ANSWER)] {
        let step = scene.world.respond_dispute(&scene.owner, &scene.lease, answer);
        assert_eq!(scene.world.refused(&step), mira(Error::ResponseTooLate));
    }
}

fn refuses_a_second_answer() {
    for first in [None, Some(ANSWER)] {
        let mut scene = Scene::disputed();
        let Scene { world, owner, lease, .. } = &mut scene;
        world.run(&world.respond_dispute(owner, lease, first));
        for second in [None, Some(ANSWER), Some([1; 32])] {
            let step = world.respond_dispute(owner, lease, second);
            assert_eq!(world.refused(&step), mira(Error::DisputeAnswered));
        }
    }
}

fn refuses_everyone_else() {
    let mut scene = Scene::disputed();
    for somebody in [&scene.operator, &scene.requester, &scene.signer, &scene.stranger] {
        for answer in [None, Some(ANSWER)] {
            let step = scene.world.respond_dispute(somebody, &scene.lease, answer);
            assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
        }
    }
}

/// Another owner names its own provider: it must not concede in the place of this one.
fn refuses_another_provider() {
    let mut scene = Scene::disputed();
    let (_, second, _) = scene.second_lease(1_000);
    let other = Actor::new("second owner");
    let step = scene.world.respond_dispute(&other, &scene.lease, None).swap(&scene.provider, &second);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongAccount));
}

fn refuses_without_a_signature() {
    let mut scene = Scene::disputed();
    let step = scene.world.respond_dispute(&scene.owner, &scene.lease, None).unsigned(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_a_dispute_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = scene.world.respond_dispute(&scene.owner, &scene.lease, None);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let Scene { mut world, owner, lease, .. } = Scene::disputed();
    let step = world.respond_dispute(&owner, &lease, Some(ANSWER));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("owner", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("dispute", WRONG_ADDRESS.into()),
        ],
    );
}
