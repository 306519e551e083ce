//! `open_dispute`: by the requester's side, once, in time, with a bond; it stops nothing but the end.

use crate::program::support::{
    Copy, EXISTS, INSUFFICIENT_FUNDS, MISSING, NOT_THE_OWNER, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor,
    copies_are_refused, mira,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::dispute::{DisputeKind, Stage};
use mira_testkit::scene::dispute::{ANSWER, BOND, EVIDENCE};
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::step::lease_terms;
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        takes_the_bond_and_flags_the_lease,
        the_bond_follows_the_exposure,
        the_voucher_signer_challenges_too,
        a_released_lease_is_challenged_too,
        an_address_with_lamports_is_used_all_the_same,
        never_blocks_settlement_or_release,
        blocks_the_leases_end,
        a_pause_stops_none_of_it,
        refuses_when_the_time_is_over,
        refuses_a_second_challenge,
        refuses_everyone_else,
        refuses_without_a_signature,
        refuses_unknown_kinds,
        refuses_a_bond_that_is_not_there,
        refuses_anothers_tokens,
        refuses_another_mint,
        refuses_a_lease_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn challenge(scene: &Scene) -> Step {
    scene.world.open_dispute(&scene.requester, &scene.lease, DisputeKind::OverReport, EVIDENCE)
}

fn takes_the_bond_and_flags_the_lease() {
    let mut scene = Scene::lease();
    let step = challenge(&scene);
    let receipt = scene.world.run(&step);
    let Scene { world, requester, lease, provider, .. } = &scene;
    assert_eq!(world.balance(&pda::stake_vault()), Some(STAKED + BOND));
    assert_eq!(world.balance(&world.stake_purse(&requester.pubkey())), Some(PURSE - BOND));
    let flagged: state::Lease = world.state(lease).unwrap();
    assert_eq!((flagged.disputed, flagged.challenged, flagged.exposure), (true, true, CAP / 2));
    let dispute: state::Dispute = world.state(&pda::dispute(lease)).unwrap();
    let respond_until = world.now() + i64::from(params().dispute.respond_secs);
    assert_eq!((dispute.stage, dispute.respond_until, dispute.vote_until), (Stage::Open.as_u8(), respond_until, 0));
    assert_eq!((dispute.evidence, dispute.answer, dispute.seq), (EVIDENCE, [0; 32], 1));
    let [Event::DisputeOpened(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.dispute, event.dispute_seq), (pda::dispute(lease), 1));
    assert_eq!((event.lease, event.lease_seq, event.provider), (*lease, 2, *provider));
    assert_eq!((event.challenger, event.kind), (requester.pubkey(), DisputeKind::OverReport.as_u8()));
    assert_eq!((event.bond, event.exposure, event.evidence), (1_000, 10_000, EVIDENCE));
    assert_eq!((event.opened_at, event.respond_until), (world.now(), respond_until));
    let terms = (event.vote_secs, event.jail_secs, event.max_slash_bps);
    assert_eq!(terms, (dispute.vote_secs, dispute.jail_secs, dispute.max_slash_bps));
}

/// A tenth of the exposure, rounded up, and 10 at least; the exposure is half the cap, rounded up.
fn the_bond_follows_the_exposure() {
    for (cap, bond) in [(20_001, 1_001), (202, 11), (200, 10), (198, 10), (1, 10)] {
        let mut scene = Scene::job();
        let Scene { world, operator, dispatcher, requester, job, provider, lease, .. } = &mut scene;
        let terms = lease_terms(cap, world.now());
        world.run(&world.open_lease(operator, dispatcher, (job, provider), &terms));
        world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
        assert_eq!(world.balance(&pda::stake_vault()), Some(STAKED + bond), "cap {cap}");
    }
}

fn the_voucher_signer_challenges_too() {
    let mut scene = Scene::lease();
    let Scene { world, signer, lease, .. } = &mut scene;
    let before = world.lamports(&signer.pubkey());
    let receipt = world.run(&world.open_dispute(signer, lease, DisputeKind::NoShow, EVIDENCE));
    assert_eq!(world.balance(&world.stake_purse(&signer.pubkey())), Some(PURSE - BOND));
    assert_eq!(world.lamports(&signer.pubkey()), before - world.lamports(&pda::dispute(lease)));
    let [Event::DisputeOpened(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.challenger, event.kind), (signer.pubkey(), DisputeKind::NoShow.as_u8()));
}

fn a_released_lease_is_challenged_too() {
    let mut scene = Scene::lease();
    let Scene { world, operator, stranger, requester, job, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.run(&world.begin_close_job(requester, job));
    world.advance(params().dispute_window_secs - 1);
    world.run(&world.close_job(stranger, requester, job));
    let step = challenge(&scene);
    scene.world.run(&step);
}

/// Nobody keeps a challenge away by paying into its address beforehand.
fn an_address_with_lamports_is_used_all_the_same() {
    let mut scene = Scene::lease();
    scene.world.put(pda::dispute(&scene.lease), solana_sdk_ids::system_program::ID, Vec::new());
    assert!(scene.world.lamports(&pda::dispute(&scene.lease)) > 0);
    let step = challenge(&scene);
    scene.world.run(&step);
}

fn never_blocks_settlement_or_release() {
    let mut scene = Scene::disputed();
    let Scene { world, operator, signer, stranger, requester, job, lease, .. } = &mut scene;
    world.run(&world.settle(stranger, signer, lease, 1_001, 7));
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    world.run(&world.close_job(stranger, requester, job));
    assert!(world.state::<state::Lease>(lease).unwrap().disputed);
}

fn blocks_the_leases_end() {
    let mut scene = Scene::disputed();
    scene.contest();
    let Scene { world, operator, stranger, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs);
    let end = world.end_lease(stranger, lease);
    assert_eq!(world.refused(&end), mira(Error::LeaseDisputed));
    world.advance(1_000_000);
    assert_eq!(world.refused(&end), mira(Error::LeaseDisputed));
    world.run(&world.resolve_dispute(stranger, lease));
    world.run(&end);
}

fn a_pause_stops_none_of_it() {
    let mut scene = Scene::lease();
    let Scene { world, owner, stranger, requester, lease, .. } = &mut scene;
    let (admin, verifier) = (world.admin.clone(), stranger.clone());
    world.run(&world.set_verifiers(&admin, &[verifier.pubkey()]));
    world.run(&world.set_pause(&admin, true));
    world.run(&world.open_dispute(requester, lease, DisputeKind::NoShow, EVIDENCE));
    world.run(&world.respond_dispute(owner, lease, Some(ANSWER)));
    world.run(&world.vote_dispute(&verifier, lease, false));
    world.run(&world.resolve_dispute(stranger, lease));
}

/// The lease runs for 60 seconds; its grace is 20 and its time to dispute 30 more.
fn refuses_when_the_time_is_over() {
    let mut scene = Scene::lease();
    scene.world.advance(110);
    let step = challenge(&scene);
    assert_eq!(scene.world.refused(&step), mira(Error::DisputeWindowClosed));
    let mut scene = Scene::lease();
    scene.world.advance(109);
    let step = challenge(&scene);
    scene.world.run(&step);
}

fn refuses_a_second_challenge() {
    let mut scene = Scene::disputed();
    let again = challenge(&scene);
    assert_eq!(scene.world.refused(&again), EXISTS);
    let Scene { world, owner, signer, stranger, lease, .. } = &mut scene;
    world.run(&world.respond_dispute(owner, lease, None));
    world.run(&world.resolve_dispute(stranger, lease));
    assert_eq!(world.refused(&again), mira(Error::LeaseChallenged));
    let by_signer = world.open_dispute(signer, lease, DisputeKind::NoShow, EVIDENCE);
    assert_eq!(world.refused(&by_signer), mira(Error::LeaseChallenged));
}

fn refuses_everyone_else() {
    let mut scene = Scene::lease();
    for somebody in [&scene.stranger, &scene.dispatcher, &scene.operator, &scene.owner] {
        let step = scene.world.open_dispute(somebody, &scene.lease, DisputeKind::NoShow, EVIDENCE);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
}

fn refuses_without_a_signature() {
    let mut scene = Scene::lease();
    let step = challenge(&scene).unsigned(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_unknown_kinds() {
    let mut scene = Scene::lease();
    for kind in [3, 255] {
        let mut step = challenge(&scene);
        // Behind the instruction's eight bytes.
        step.program_instruction().data[8] = kind;
        assert_eq!(scene.world.tampered(&step), mira(Error::InvalidDisputeKind));
    }
}

fn refuses_a_bond_that_is_not_there() {
    let mut scene = Scene::lease();
    let (step, requester, mint) = (challenge(&scene), scene.requester.pubkey(), scene.world.stake_mint);
    scene.world.put_purse(&requester, mint, BOND - 1);
    assert_eq!(scene.world.tampered(&step), INSUFFICIENT_FUNDS);
    scene.world.put_purse(&requester, mint, BOND);
    scene.world.run(&step);
}

fn refuses_anothers_tokens() {
    let mut scene = Scene::lease();
    let own = scene.world.stake_purse(&scene.requester.pubkey());
    let anothers = scene.world.stake_purse(&scene.owner.pubkey());
    let step = challenge(&scene).swap(&own, &anothers);
    assert_eq!(scene.world.tampered(&step), NOT_THE_OWNER);
}

fn refuses_another_mint() {
    let mut scene = Scene::lease();
    let stake = scene.world.stake_purse(&scene.requester.pubkey());
    let payment = scene.world.payment_purse(&scene.requester.pubkey());
    let step = challenge(&scene).swap(&stake, &payment);
    assert_eq!(scene.world.tampered(&step), mira(Error::WrongMint));
}

fn refuses_a_lease_that_is_not_there() {
    let mut scene = Scene::lease();
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    let step = scene.world.open_dispute(&scene.requester, &next, DisputeKind::NoShow, EVIDENCE);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let mut scene = Scene::lease();
    let step = challenge(&scene);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("challenger", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("dispute", WRONG_ADDRESS.into()),
            ("from", Copy::Elsewhere("any account of the challenger; the tests of tokens")),
            ("stake_vault", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
