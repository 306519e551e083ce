//! A good voucher, used again: on the same lease, another one, another job's, on another cluster, by another
//! program, and on a job that the same requester makes again at the place of a closed one.

use super::support::let_end;
use crate::program::support::{MISSING, anchor, mira};
use anchor_lang::AccountSerialize;
use libtest_mimic::Trial;
use mira::state;
use mira_chain::{artifact, pda};
use mira_core::Error;
use mira_core::job::job_id;
use mira_core::voucher::Voucher;
use mira_testkit::scene::{CAP, FUNDED};
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::{Actor, Refusal, Scene, Step};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        refuses_it_twice,
        refuses_it_on_another_lease,
        refuses_it_on_another_job,
        refuses_it_on_another_cluster,
        refuses_it_for_another_program,
        refuses_it_on_an_ended_lease,
        refuses_it_on_a_job_made_again,
    ]
}

fn good(scene: &Scene) -> Step {
    scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_000, 10)
}

/// Another lease's settlement with the first one's proof.
fn replayed(scene: &Scene, lease: &Pubkey) -> (Step, Step) {
    let unbent = scene.world.settle(&scene.stranger, &scene.signer, lease, 1_000, 10);
    let mut bent = unbent.clone();
    bent.instructions[0] = good(scene).instructions[0].clone();
    (bent, unbent)
}

fn refuses_it_twice() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    // Nor both at once.
    let twice = Step { instructions: [step.instructions.clone(), step.instructions.clone()].concat(), ..step.clone() };
    assert_eq!(scene.world.tampered(&twice), mira(Error::NothingToSettle));
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
}

/// Both leases are of the same job and have the same voucher signer.
fn refuses_it_on_another_lease() {
    let mut scene = Scene::lease();
    let (_, _, second) = scene.second_lease(5_000);
    let (bent, unbent) = replayed(&scene, &second);
    assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage));
    scene.world.run(&unbent);
}

/// Both jobs are the same requester's, with the same voucher signer and the same provider.
fn refuses_it_on_another_job() {
    let mut scene = Scene::lease();
    let id = job_id(scene.world.now(), 2).unwrap();
    let second = lease_of_a_job(&mut scene, id);
    let (bent, unbent) = replayed(&scene, &second);
    assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage));
    scene.world.run(&unbent);
}

/// The requester makes and funds a job of that id, and the scene's provider leases it.
fn lease_of_a_job(scene: &mut Scene, id: u64) -> Pubkey {
    let Scene { world, requester, signer, dispatcher, operator, provider, .. } = scene;
    let mut terms = terms(requester, signer, Some(dispatcher), world.now());
    terms.job_id = id;
    let job = pda::job(&requester.pubkey(), id);
    world.run(&world.create_job(requester, &terms));
    world.run(&world.fund_job(requester, &job, FUNDED));
    let lease = world.next_lease(&job, provider);
    let terms = lease_terms(CAP, world.now());
    world.run(&world.open_lease(operator, dispatcher, (&job, provider), &terms));
    lease
}

/// Two clusters with everything the same but the genesis hash, as after a fork.
fn refuses_it_on_another_cluster() {
    let mut scene = Scene::lease();
    let step = good(&scene);
    let mut config: state::Config = scene.world.state(&pda::config()).unwrap();
    config.cluster_id = [0xc2; 32];
    let mut data = Vec::new();
    config.try_serialize(&mut data).unwrap();
    data.resize(state::Config::SPACE, 0);
    scene.world.put(pda::config(), mira::ID, data);
    assert_eq!(scene.world.tampered(&step), mira(Error::VoucherWrongMessage));
    let there = Voucher { cluster_id: [0xc2; 32], ..scene.world.voucher(&scene.lease, 1_000, 10) };
    let step = scene.world.settle_voucher(&scene.stranger, &scene.signer, &scene.lease, &there);
    scene.world.run(&step);
}

/// The program put on the same cluster once more: it has the same accounts' bytes nowhere, and refuses to
/// run under another name.
fn refuses_it_for_another_program() {
    const DECLARED_PROGRAM_ID_MISMATCH: u32 = 4_100;
    let mut scene = Scene::lease();
    let step = good(&scene);
    let program = Actor::new("second deployment").pubkey();
    scene.world.svm.add_program(program, artifact::program_elf()).unwrap();
    let mut bent = step.clone();
    bent.program_instruction().program_id = program;
    let refusal = scene.world.send(&bent.instructions, &[&scene.stranger]).unwrap_err();
    assert_eq!(refusal, Refusal::Other { program, code: DECLARED_PROGRAM_ID_MISMATCH });
    // And a voucher for it is none for this one.
    let theirs = Voucher { program_id: program.to_bytes(), ..scene.world.voucher(&scene.lease, 1_000, 10) };
    let bent = scene.world.settle_voucher(&scene.stranger, &scene.signer, &scene.lease, &theirs);
    assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage));
    scene.world.run(&step);
}

fn refuses_it_on_an_ended_lease() {
    let mut scene = Scene::lease();
    let (step, late) = (good(&scene), scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 2_000, 20));
    scene.world.run(&step);
    let_end(&mut scene);
    assert_eq!(scene.world.refused(&late), mira(Error::LeaseAlreadyReleased));
    let end = scene.world.end_lease(&scene.stranger, &scene.lease);
    scene.world.run(&end);
    assert_eq!(scene.world.tampered(&late), anchor(MISSING));
}

/// The old id is out of its window before the old job can be closed, and the new one is another address.
fn refuses_it_on_a_job_made_again() {
    let mut scene = Scene::lease();
    let old = good(&scene).instructions[0].clone();
    let again = scene.world.create_job(
        &scene.requester,
        &terms(&scene.requester, &scene.signer, Some(&scene.dispatcher), scene.world.now()),
    );
    let_end(&mut scene);
    let Scene { world, requester, stranger, job, lease, .. } = &mut scene;
    world.run(&world.end_lease(stranger, lease));
    world.run(&world.begin_close_job(requester, job));
    world.run(&world.close_job(stranger, requester, job));
    assert_eq!(world.refused(&again), mira(Error::JobIdOutOfWindow));
    let id = job_id(world.now(), 1).unwrap();
    let lease = lease_of_a_job(&mut scene, id);
    assert_eq!(scene.world.state::<state::Lease>(&lease).unwrap().nonce, 0);
    let unbent = scene.world.settle(&scene.stranger, &scene.signer, &lease, 1_000, 10);
    let mut bent = unbent.clone();
    bent.instructions[0] = old;
    assert_eq!(scene.world.tampered(&bent), mira(Error::VoucherWrongMessage));
    scene.world.run(&unbent);
}
