//! `resolve_dispute`: by anyone, when decided or due; each verdict and what it leaves behind. The amounts
//! of a slash are in `slash`, who receives what in `payees`, what comes later in `aftermath`.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::{Event, body::DisputeResolved};
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::Bps;
use mira_core::dispute::{DisputeKind, Verdict};
use mira_core::params::{DisputeParams, Params};
use mira_core::provider::ProviderStatus;
use mira_testkit::scene::dispute::{ANSWER, BOND, EVIDENCE, verifiers};
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene};

pub fn trials() -> Vec<Trial> {
    trials![
        silence_loses,
        a_concession_ends_it_at_once,
        a_majority_upholds,
        a_majority_rejects,
        half_the_verifiers_decide_nothing,
        nobody_decides_without_verifiers,
        a_new_set_dismisses_at_once,
        later_parameters_change_nothing,
        refuses_before_it_is_due,
        refuses_a_second_time,
        refuses_without_a_signature,
        refuses_another_lease_or_provider,
        refuses_to_leave_the_owners_position_out,
        refuses_other_accounts,
    ]
}

/// A stranger ends the scene's dispute.
fn resolve(scene: &mut Scene) -> DisputeResolved {
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    let receipt = scene.world.run(&step);
    let [Event::DisputeResolved(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    event.clone()
}

fn provider(scene: &Scene) -> state::Provider {
    scene.world.state(&scene.provider).unwrap()
}

fn bond_is_at(scene: &Scene, actor: &Actor, beginning: u64) -> bool {
    scene.world.balance(&scene.world.stake_purse(&actor.pubkey())) == Some(beginning + BOND)
}

fn silence_loses() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    let (challenger, dispute) = (scene.requester.pubkey(), pda::dispute(&scene.lease));
    let (rent, before) = (scene.world.lamports(&dispute), scene.world.lamports(&challenger));
    let event = resolve(&mut scene);
    assert_eq!((scene.world.lamports(&dispute), scene.world.lamports(&challenger)), (0, before + rent));
    assert!(bond_is_at(&scene, &scene.requester, PURSE - BOND));
    let jailed_until = scene.world.now() + i64::from(params().dispute.jail_secs);
    let after = provider(&scene);
    assert_eq!((after.status, after.jailed_until), (ProviderStatus::Jailed.as_u8(), jailed_until));
    assert_eq!((after.exposure, after.open_leases, after.total_stake), (0, 1, STAKED - CAP / 2));
    let lease: state::Lease = scene.world.state(&scene.lease).unwrap();
    assert_eq!((lease.disputed, lease.challenged, lease.exposure), (false, true, 0));
    assert_eq!((event.verdict, event.actor), (Verdict::Upheld.as_u8(), scene.stranger.pubkey()));
    assert_eq!((event.dispute, event.dispute_seq), (dispute, 2));
    assert_eq!((event.lease, event.lease_seq), (scene.lease, lease.seq));
    assert_eq!((event.provider, event.provider_seq), (scene.provider, after.seq));
    assert_eq!((event.bond, event.bond_to), (BOND, challenger));
    assert_eq!((event.provider_exposure_before, event.provider_exposure_after), (CAP / 2, 0));
    assert_eq!((event.status, event.jailed_until), (after.status, after.jailed_until));
}

fn a_concession_ends_it_at_once() {
    let mut scene = Scene::disputed();
    let concession = scene.world.respond_dispute(&scene.owner, &scene.lease, None);
    scene.world.run(&concession);
    let event = resolve(&mut scene);
    assert_eq!((event.verdict, event.slashed_own, event.dispute_seq), (Verdict::Upheld.as_u8(), CAP / 2, 3));
}

fn a_majority_upholds() {
    let mut scene = Scene::contested();
    scene.vote(&[true, false, true]);
    let event = resolve(&mut scene);
    assert_eq!((event.verdict, event.bond_to), (Verdict::Upheld.as_u8(), scene.requester.pubkey()));
    assert_eq!((event.slashed_own, event.burned, event.dispute_seq), (CAP / 2, CAP / 2, 6));
    assert!(bond_is_at(&scene, &scene.requester, PURSE - BOND));
}

/// The bond is the owner's own now, and no part of the pool; nothing else has changed.
fn a_majority_rejects() {
    let mut scene = Scene::contested();
    scene.vote(&[false, false]);
    let (before, challenger) = (provider(&scene), scene.requester.pubkey());
    let (rent, lamports) = (scene.world.lamports(&pda::dispute(&scene.lease)), scene.world.lamports(&challenger));
    let event = resolve(&mut scene);
    assert_eq!((event.verdict, event.bond_to), (Verdict::Rejected.as_u8(), scene.owner.pubkey()));
    assert_eq!((event.slashed_own, event.slashed_pool, event.compensation, event.burned), (0, 0, 0, 0));
    assert_eq!((event.burned_shares, event.status, event.jailed_until), (0, ProviderStatus::Active.as_u8(), 0));
    assert!(bond_is_at(&scene, &scene.owner, PURSE - STAKED));
    assert!(bond_is_at(&scene, &scene.requester, PURSE - 2 * BOND));
    assert_eq!(scene.world.lamports(&challenger), lamports + rent);
    assert_eq!(provider(&scene), state::Provider { seq: before.seq + 1, ..before });
}

fn half_the_verifiers_decide_nothing() {
    let mut scene = Scene::lease();
    let Scene { world, owner, requester, lease, .. } = &mut scene;
    let judges = ["first", "second", "third", "fourth"].map(Actor::new);
    let admin = world.admin.clone();
    world.run(&world.set_verifiers(&admin, &judges.each_ref().map(Actor::pubkey)));
    world.run(&world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
    world.run(&world.respond_dispute(owner, lease, Some(ANSWER)));
    for (judge, uphold) in judges.iter().zip([true, false, false, true]) {
        world.run(&world.vote_dispute(judge, lease, uphold));
    }
    world.advance(params().dispute.vote_secs - 1);
    let early = world.resolve_dispute(owner, lease);
    assert_eq!(world.refused(&early), mira(Error::DisputeNotDue));
    world.advance(1);
    let event = resolve(&mut scene);
    assert_eq!((event.verdict, event.bond_to), (Verdict::Dismissed.as_u8(), scene.requester.pubkey()));
    assert_eq!((event.slashed_own, event.slashed_pool, event.status), (0, 0, ProviderStatus::Active.as_u8()));
    assert!(bond_is_at(&scene, &scene.requester, PURSE - BOND));
}

fn nobody_decides_without_verifiers() {
    let mut scene = Scene::lease();
    let Scene { world, owner, requester, lease, .. } = &mut scene;
    world.run(&world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
    world.run(&world.respond_dispute(owner, lease, Some(ANSWER)));
    world.advance(params().dispute.vote_secs);
    assert_eq!(resolve(&mut scene).verdict, Verdict::Dismissed.as_u8());
}

/// Even one that a majority had decided: who judges was agreed on when it was contested.
fn a_new_set_dismisses_at_once() {
    for votes in [[].as_slice(), &[true, true], &[false, false, false]] {
        let mut scene = Scene::contested();
        scene.vote(votes);
        let admin = scene.world.admin.clone();
        let change = scene.world.set_verifiers(&admin, &[scene.stranger.pubkey()]);
        scene.world.run(&change);
        assert_eq!(resolve(&mut scene).verdict, Verdict::Dismissed.as_u8());
        assert!(bond_is_at(&scene, &scene.requester, PURSE - BOND));
        assert_eq!(provider(&scene).total_stake, STAKED);
    }
}

/// The dispute was made with what held at the challenge, its bond with what held for it.
fn later_parameters_change_nothing() {
    let mut scene = Scene::disputed();
    let dispute = DisputeParams {
        bond_bps: Bps::new(5_000).unwrap(),
        respond_secs: 1,
        vote_secs: 1,
        jail_secs: 1,
        max_slash_bps: Bps::new(1).unwrap(),
        ..params().dispute
    };
    let admin = scene.world.admin.clone();
    let change = scene.world.update_params(&admin, &Params { dispute, ..params() });
    scene.world.run(&change);
    scene.world.advance(params().dispute.respond_secs - 1);
    scene.contest();
    scene.world.advance(params().dispute.vote_secs - 1);
    scene.vote(&[true, true]);
    let event = resolve(&mut scene);
    assert_eq!((event.bond, event.slashed_own), (BOND, CAP / 2));
    assert_eq!(event.jailed_until, scene.world.now() + i64::from(params().dispute.jail_secs));
}

fn refuses_before_it_is_due() {
    let mut scene = Scene::disputed();
    scene.world.advance(params().dispute.respond_secs - 1);
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeNotDue));
    scene.contest();
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeNotDue));
    // One of three is no majority, and the answer's deadline counts no more.
    scene.vote(&[true]);
    scene.world.advance(params().dispute.vote_secs - 1);
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeNotDue));
    let second = scene.world.vote_dispute(&verifiers()[1], &scene.lease, true);
    scene.world.run(&second);
    scene.world.run(&step);
}

fn refuses_a_second_time() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_without_a_signature() {
    let mut scene = Scene::disputed();
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_another_lease_or_provider() {
    let mut scene = Scene::disputed();
    let (_, second, lease) = scene.second_lease(1_000);
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    assert_eq!(scene.world.tampered(&step.clone().swap(&scene.provider, &second)), anchor(WRONG_ADDRESS));
    let elsewhere = step.clone().swap(&scene.lease, &lease);
    assert_eq!(scene.world.tampered(&elsewhere), anchor(WRONG_ADDRESS));
    let own = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    let others = pda::stake_position(&second, &Actor::new("second owner").pubkey());
    // Somebody else's stake for this lease's dispute, and everything of somebody else's.
    let robbed = step.swap(&scene.provider, &second).swap(&own, &others);
    assert_eq!(scene.world.tampered(&robbed), anchor(WRONG_ADDRESS));
    let all = elsewhere.swap(&scene.provider, &second).swap(&own, &others);
    assert_eq!(scene.world.tampered(&all), anchor(WRONG_ADDRESS));
}

/// Without it the owner's own stake would not be taken first.
fn refuses_to_leave_the_owners_position_out() {
    let mut scene = Scene::disputed();
    let delegate = scene.world.stake(&scene.stranger, &scene.provider, 5_000);
    scene.world.run(&delegate);
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    let own = pda::stake_position(&scene.provider, &scene.owner.pubkey());
    let delegators = pda::stake_position(&scene.provider, &scene.stranger.pubkey());
    let nobodys = pda::stake_position(&scene.provider, &scene.dispatcher.pubkey());
    for other in [delegators, nobodys] {
        assert_eq!(scene.world.tampered(&step.clone().swap(&own, &other)), anchor(WRONG_ADDRESS));
    }
}

fn refuses_other_accounts() {
    let mut scene = Scene::disputed();
    let settle = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 1);
    scene.world.run(&settle);
    scene.stay_silent();
    let step = scene.world.resolve_dispute(&scene.stranger, &scene.lease);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("owner_position", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("dispute", WRONG_ADDRESS.into()),
            ("challenger", Error::WrongAccount.into()),
            ("bond_to", Error::WrongAccount.into()),
            ("compensation_to", Error::WrongAccount.into()),
            ("stake_mint", Error::WrongMint.into()),
            ("stake_vault", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
