//! `vote_dispute`: by the verifiers under whom it was contested, each once, in time, and by no party.

use crate::program::support::{Copy, MISSING, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{ANSWER, EVIDENCE, verifiers};
use mira_testkit::world::params;
use mira_testkit::{Actor, Scene};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        counts_votes_of_either_side,
        all_seven_vote,
        votes_until_the_last_second,
        refuses_when_the_time_is_over,
        refuses_before_it_is_contested,
        refuses_a_conceded_dispute,
        refuses_everyone_else,
        refuses_parties,
        refuses_the_operator_of_today,
        refuses_a_second_vote,
        refuses_after_a_change_of_the_set,
        refuses_without_a_signature,
        refuses_another_lease_or_provider,
        refuses_a_dispute_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn dispute(scene: &Scene) -> state::Dispute {
    scene.world.state(&pda::dispute(&scene.lease)).unwrap()
}

/// The lease is challenged and contested before these judges.
fn contested_before(judges: &[Actor]) -> Scene {
    let mut scene = Scene::lease();
    let Scene { world, owner, requester, lease, .. } = &mut scene;
    let (admin, judges) = (world.admin.clone(), judges.iter().map(Actor::pubkey).collect::<Vec<Pubkey>>());
    world.run(&world.set_verifiers(&admin, &judges));
    world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
    world.run(&world.respond_dispute(owner, lease, Some(ANSWER)));
    scene
}

fn counts_votes_of_either_side() {
    let mut scene = Scene::contested();
    let [first, _, third] = verifiers();
    for (verifier, uphold, counted) in [(third, true, (1, 0, 0b100)), (first, false, (1, 1, 0b101))] {
        let step = scene.world.vote_dispute(&verifier, &scene.lease, uphold);
        let receipt = scene.world.run(&step);
        let after = dispute(&scene);
        assert_eq!((after.votes_for, after.votes_against, after.voted), counted);
        let [Event::DisputeVoted(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
        assert_eq!((event.dispute, event.dispute_seq), (pda::dispute(&scene.lease), after.seq));
        assert_eq!((event.lease, event.actor, event.uphold), (scene.lease, verifier.pubkey(), uphold));
        assert_eq!((event.votes_for, event.votes_against), (counted.0, counted.1));
    }
    assert_eq!(dispute(&scene).seq, 4);
}

fn all_seven_vote() {
    let judges: Vec<_> = (0..7).map(|number| Actor::new(&format!("judge {number}"))).collect();
    let mut scene = contested_before(&judges);
    for (at, judge) in judges.iter().enumerate() {
        let step = scene.world.vote_dispute(judge, &scene.lease, at % 2 == 0);
        scene.world.run(&step);
    }
    let after = dispute(&scene);
    assert_eq!((after.votes_for, after.votes_against, after.voted), (4, 3, 0b111_1111));
}

fn votes_until_the_last_second() {
    let mut scene = Scene::contested();
    scene.world.advance(params().dispute.vote_secs - 1);
    scene.vote(&[true]);
}

fn refuses_when_the_time_is_over() {
    let mut scene = Scene::contested();
    scene.world.advance(params().dispute.vote_secs);
    let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, true);
    assert_eq!(scene.world.refused(&step), mira(Error::VoteTooLate));
}

fn refuses_before_it_is_contested() {
    let mut scene = Scene::disputed();
    let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, true);
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeNotContested));
}

fn refuses_a_conceded_dispute() {
    let mut scene = Scene::disputed();
    let concession = scene.world.respond_dispute(&scene.owner, &scene.lease, None);
    scene.world.run(&concession);
    let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, false);
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeNotContested));
}

fn refuses_everyone_else() {
    let mut scene = Scene::contested();
    let admin = scene.world.admin.clone();
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.requester, &scene.owner, &admin] {
        let step = scene.world.vote_dispute(somebody, &scene.lease, true);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
}

/// Verifiers or not: whoever has an interest in the lease has no vote on it.
fn refuses_parties() {
    for party in ["requester", "signer", "operator", "owner"] {
        let [first, second, _] = verifiers();
        let mut scene = contested_before(&[first.clone(), Actor::new(party), second]);
        for uphold in [true, false] {
            let step = scene.world.vote_dispute(&Actor::new(party), &scene.lease, uphold);
            assert_eq!(scene.world.refused(&step), mira(Error::PartyMayNotVote), "{party}");
        }
        let step = scene.world.vote_dispute(&first, &scene.lease, true);
        scene.world.run(&step);
    }
}

/// A provider that makes a verifier its operator while it is accused gains no vote by it.
fn refuses_the_operator_of_today() {
    let mut scene = Scene::contested();
    let [hired, ..] = verifiers();
    let args = ix::UpdateProviderArgs { operator: Some(hired.pubkey()), ..ix::UpdateProviderArgs::default() };
    let vote = scene.world.vote_dispute(&hired, &scene.lease, false);
    let hire = scene.world.update_provider(&scene.owner, &scene.provider, None, args);
    scene.world.run(&hire);
    assert_eq!(scene.world.refused(&vote), mira(Error::PartyMayNotVote));
}

fn refuses_a_second_vote() {
    let mut scene = Scene::contested();
    scene.vote(&[true]);
    for uphold in [true, false] {
        let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, uphold);
        assert_eq!(scene.world.refused(&step), mira(Error::AlreadyVoted));
    }
}

/// The set counts, not the keys in it: naming the same ones again ends the vote as well.
fn refuses_after_a_change_of_the_set() {
    let mut scene = Scene::contested();
    let Scene { world, lease, .. } = &mut scene;
    let admin = world.admin.clone();
    world.run(&world.set_verifiers(&admin, &verifiers().map(|verifier| verifier.pubkey())));
    let step = world.vote_dispute(&verifiers()[0], lease, true);
    assert_eq!(world.refused(&step), mira(Error::VerifierSetChanged));
}

fn refuses_without_a_signature() {
    let mut scene = Scene::contested();
    let [verifier, ..] = verifiers();
    let step = scene.world.vote_dispute(&verifier, &scene.lease, true).unsigned(&verifier.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

/// With another lease or provider, a party could pass for none.
fn refuses_another_lease_or_provider() {
    let mut scene = Scene::contested();
    let (_, second, lease) = scene.second_lease(1_000);
    let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, true);
    assert_eq!(scene.world.tampered(&step.clone().swap(&scene.provider, &second)), anchor(WRONG_ADDRESS));
    let elsewhere = step.swap(&scene.lease, &lease);
    assert_eq!(scene.world.tampered(&elsewhere), anchor(WRONG_ADDRESS));
    assert_eq!(scene.world.tampered(&elsewhere.swap(&scene.provider, &second)), anchor(WRONG_ADDRESS));
}

fn refuses_a_dispute_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = scene.world.vote_dispute(&verifiers()[0], &scene.lease, true);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let Scene { mut world, lease, .. } = Scene::contested();
    let step = world.vote_dispute(&verifiers()[0], &lease, true);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("verifier", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("dispute", WRONG_ADDRESS.into()),
        ],
    );
}
