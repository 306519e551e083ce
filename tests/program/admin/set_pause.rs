//! `set_pause`: by guardian or admin, back by the admin alone; it stops six instructions and no other.

use crate::program::support::{Copy, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::dispute::DisputeKind;
use mira_testkit::scene::dispute::{ANSWER, EVIDENCE, verifiers};
use mira_testkit::scene::reward::RewardScene;
use mira_testkit::scene::{CAP, STAKED};
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::world::params;
use mira_testkit::{Actor, Scene, Step, World};
use serde_json::Value;
use std::collections::BTreeSet;

pub fn trials() -> Vec<Trial> {
    trials![
        the_guardian_pauses_and_the_admin_resumes,
        the_admin_pauses_too,
        stops_what_begins_something_new,
        everything_else_goes_on,
        refuses_what_changes_nothing,
        refuses_all_others,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// The program's description of itself, which lists every instruction.
const IDL: &str = include_str!("../../../programs/mira/artifacts/mira.json");

/// A network, its admin and its guardian.
fn network() -> (World, Actor, Actor) {
    let mut world = World::bare();
    world.initialize();
    let (admin, guardian) = (world.admin.clone(), world.actor("guardian"));
    world.run(&world.set_guardian(&admin, &guardian));
    (world, admin, guardian)
}

fn the_guardian_pauses_and_the_admin_resumes() {
    let (mut world, admin, guardian) = network();
    let receipt = world.run(&world.set_pause(&guardian, true));
    let [Event::PauseSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config, event.config_seq), (pda::config(), 3));
    assert_eq!((event.actor, event.paused), (guardian.pubkey(), true));
    assert!(world.state::<state::Config>(&pda::config()).unwrap().paused);
    assert_eq!(world.refused(&world.set_pause(&guardian, false)), mira(Error::WrongSigner));
    let receipt = world.run(&world.set_pause(&admin, false));
    let [Event::PauseSet(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.config_seq, event.actor, event.paused), (4, admin.pubkey(), false));
    assert!(!world.state::<state::Config>(&pda::config()).unwrap().paused);
}

fn the_admin_pauses_too() {
    let (mut world, admin, _) = network();
    world.run(&world.set_pause(&admin, true));
    world.run(&world.set_pause(&admin, false));
}

type Make = fn() -> Scene;
type Begin = fn(&Scene) -> Step;

/// Each of the six would be accepted but for the pause.
fn stops_what_begins_something_new() {
    let cases: [(&str, Make, Begin); 6] = [
        ("register_provider", Scene::network, |s| s.world.register_provider(&s.owner, &s.operator)),
        ("stake", Scene::provider, |s| s.world.stake(&s.stranger, &s.provider, 5_000)),
        ("create_job", Scene::provider, |s| {
            s.world.create_job(&s.requester, &terms(&s.requester, &s.signer, None, s.world.now()))
        }),
        ("fund_job", Scene::job, |s| s.world.fund_job(&s.requester, &s.job, 5)),
        ("extend_job", Scene::job, |s| s.world.extend_job(&s.requester, &s.job, s.world.now() + 600)),
        ("open_lease", Scene::job, |s| {
            let terms = lease_terms(CAP, s.world.now());
            s.world.open_lease(&s.operator, &s.dispatcher, (&s.job, &s.provider), &terms)
        }),
    ];
    for (name, make, begin) in cases {
        let mut scene = make();
        let (admin, step) = (scene.world.admin.clone(), begin(&scene));
        pause(&mut scene.world);
        assert_eq!(scene.world.refused(&step), mira(Error::Paused), "{name}");
        scene.world.run(&scene.world.set_pause(&admin, false));
        scene.world.run(&step);
    }
}

/// The discriminators of all instructions that ran while the network was paused.
#[derive(Default)]
struct Ran(BTreeSet<Vec<u8>>);

impl Ran {
    fn go(&mut self, world: &mut World, make: impl FnOnce(&World) -> Step) {
        assert!(world.model.network.paused);
        let step = make(world);
        world.run(&step);
        let [.., instruction] = step.instructions.as_slice() else { panic!("{step:?} is empty") };
        self.0.insert(instruction.data[..8].to_vec());
    }
}

/// All instructions that the program has, but for those that ran paused, are the six, and the one that
/// makes the network.
fn everything_else_goes_on() {
    let mut ran = Ran::default();
    governing(&mut ran);
    leaving(&mut ran);
    judging(&mut ran);
    rewarding(&mut ran);
    let idl: Value = serde_json::from_str(IDL).unwrap();
    let mut left: Vec<&str> = Vec::new();
    for instruction in idl["instructions"].as_array().unwrap() {
        let bytes: Vec<u8> = serde_json::from_value(instruction["discriminator"].clone()).unwrap();
        if !ran.0.remove(&bytes) {
            left.push(instruction["name"].as_str().unwrap());
        }
    }
    left.sort_unstable();
    assert_eq!(
        left,
        ["create_job", "extend_job", "fund_job", "initialize", "open_lease", "register_provider", "stake"]
    );
    assert!(ran.0.is_empty(), "the description leaves out {:?}", ran.0);
}

fn governing(ran: &mut Ran) {
    let (mut world, admin, guardian) = network();
    let next = world.actor("next admin");
    pause(&mut world);
    ran.go(&mut world, |world| world.init_fee_shard(&admin, 0));
    ran.go(&mut world, |world| world.update_params(&admin, &params()));
    ran.go(&mut world, |world| world.propose_admin(&admin, &next));
    ran.go(&mut world, |world| world.accept_admin(&next));
    ran.go(&mut world, |world| world.set_guardian(&next, &next));
    ran.go(&mut world, |world| world.set_reward_authorities(&next, &[guardian.pubkey()]));
    ran.go(&mut world, |world| world.set_verifiers(&next, &[guardian.pubkey()]));
    ran.go(&mut world, |world| world.set_pause(&next, false));
}

/// Both sides of a lease are paid and leave, with everything that is theirs.
fn leaving(ran: &mut Ran) {
    let Scene { mut world, owner, operator, requester, signer, stranger, provider, job, lease, .. } = Scene::lease();
    let world = &mut world;
    pause(world);
    ran.go(world, |world| world.settle(&stranger, &signer, &lease, 1_000, 1));
    ran.go(world, |world| world.settle_direct(&requester, &lease, 2_000, 2));
    ran.go(world, |world| world.sweep_fees(&stranger, pda::fee_shard_of(&lease)));
    ran.go(world, |world| world.update_job(&requester, &job, &requester.pubkey(), None));
    let draining = ix::UpdateProviderArgs { draining: Some(true), ..ix::UpdateProviderArgs::default() };
    ran.go(world, |world| world.update_provider(&owner, &provider, None, draining));
    ran.go(world, |world| world.request_unstake(&owner, &provider, 9));
    ran.go(world, |world| world.cancel_unstake(&owner, &provider, 0));
    ran.go(world, |world| world.close_lease(&operator, &lease));
    ran.go(world, |world| world.release_lease(&stranger, &lease));
    ran.go(world, |world| world.begin_close_job(&requester, &job));
    world.advance(params().dispute_window_secs);
    ran.go(world, |world| world.end_lease(&stranger, &lease));
    ran.go(world, |world| world.close_job(&stranger, &requester, &job));
    ran.go(world, |world| world.request_unstake(&owner, &provider, u128::from(STAKED)));
    world.advance(params().unbonding_secs);
    ran.go(world, |world| world.withdraw_stake(&stranger, &owner, &provider, 0));
}

/// A lease is challenged, contested and judged.
fn judging(ran: &mut Ran) {
    let Scene { mut world, owner, requester, stranger, lease, .. } = Scene::lease();
    let (admin, world) = (world.admin.clone(), &mut world);
    world.run(&world.set_verifiers(&admin, &verifiers().map(|verifier| verifier.pubkey())));
    pause(world);
    ran.go(world, |world| world.open_dispute(&requester, &lease, DisputeKind::BadResult, EVIDENCE));
    ran.go(world, |world| world.respond_dispute(&owner, &lease, Some(ANSWER)));
    for verifier in &verifiers()[..2] {
        ran.go(world, |world| world.vote_dispute(verifier, &lease, true));
    }
    ran.go(world, |world| world.resolve_dispute(&stranger, &lease));
}

/// An epoch is cancelled, agreed on again, final, and paid.
fn rewarding(ran: &mut Ran) {
    let mut scene = RewardScene::due();
    let (first, claim) = (scene.first(), scene.claim(&scene.provider, &scene.leaves));
    let RewardScene { world, authorities: [one, two, _], delegator, provider, stranger, .. } = &mut scene;
    let (admin, mint) = (world.admin.clone(), world.payment_mint);
    world.put_purse(&admin.pubkey(), mint, 0);
    pause(world);
    ran.go(world, |world| world.approve_epoch(one, &first));
    ran.go(world, |world| world.approve_epoch(two, &first));
    ran.go(world, |world| world.cancel_epoch(&admin));
    for authority in [one, two] {
        ran.go(world, |world| world.approve_epoch(authority, &first));
    }
    world.advance(params().reward.challenge_secs);
    ran.go(world, |world| world.finalize_epoch(stranger));
    ran.go(world, |_| claim);
    ran.go(world, |world| world.claim_delegation_reward(stranger, delegator, provider));
    ran.go(world, |world| world.withdraw_treasury(&admin, 1));
}

fn refuses_what_changes_nothing() {
    let (mut world, admin, guardian) = network();
    assert_eq!(world.refused(&world.set_pause(&admin, false)), mira(Error::NothingChanges));
    world.run(&world.set_pause(&guardian, true));
    for actor in [&guardian, &admin] {
        assert_eq!(world.refused(&world.set_pause(actor, true)), mira(Error::NothingChanges), "{actor:?}");
    }
}

fn refuses_all_others() {
    let (mut world, admin, guardian) = network();
    let (next, stranger) = (world.actor("next admin"), world.actor("stranger"));
    world.run(&world.propose_admin(&admin, &next));
    for actor in [&next, &stranger] {
        assert_eq!(world.refused(&world.set_pause(actor, true)), mira(Error::WrongSigner), "{actor:?}");
    }
    world.run(&world.set_pause(&guardian, true));
    for actor in [&next, &stranger, &guardian] {
        assert_eq!(world.refused(&world.set_pause(actor, false)), mira(Error::WrongSigner), "{actor:?}");
    }
}

fn refuses_without_a_signature() {
    let (mut world, admin, _) = network();
    let step = world.set_pause(&admin, true).unsigned(&admin.pubkey());
    assert_eq!(world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let (mut world, _, guardian) = network();
    let step = world.set_pause(&guardian, true);
    let accounts = [("actor", Copy::Elsewhere("the tests of signers")), ("config", WRONG_ADDRESS.into())];
    copies_are_refused(&mut world, &step, accounts);
}
