//! `close_job`: by anyone when due, to the requester, to the last base unit.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::job::job_id;
use mira_core::ledger::Vault;
use mira_core::params::Params;
use mira_testkit::Scene;
use mira_testkit::scene::FUNDED;
use mira_testkit::step::terms;
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![
        returns_everything_and_the_rent,
        pays_any_account_if_the_requester_signs,
        gifts_and_dust_go_along,
        an_empty_job_closes_too,
        anyone_closes_past_deadline_and_grace,
        is_due_when_it_was_told_at_its_creation,
        is_young_as_long_as_it_was_told_at_its_creation,
        refuses_while_young,
        refuses_while_open,
        refuses_with_leases,
        refuses_a_stranger_who_pays_himself,
        refuses_another_mint,
        refuses_another_jobs_vault,
        refuses_without_a_signature,
        refuses_other_accounts,
    ]
}

/// A funded job that is due: closing, and old enough.
fn due() -> Scene {
    let mut scene = Scene::job();
    let step = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&step);
    scene.world.advance(2 * params().job_id_window_secs);
    scene
}

fn returns_everything_and_the_rent() {
    let mut scene = due();
    let Scene { world, stranger, requester, job, .. } = &mut scene;
    let rent = world.lamports(job) + world.lamports(&pda::escrow(job));
    let before = world.lamports(&requester.pubkey());
    let receipt = world.run(&world.close_job(stranger, requester, job));
    assert_eq!(world.balance(&world.payment_purse(&requester.pubkey())), Some(PURSE));
    assert_eq!(world.lamports(&requester.pubkey()), before + rent);
    let [Event::JobClosed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.refunded, event.foreign, event.funded, event.paid), (FUNDED, 0, FUNDED, 0));
    assert_eq!((event.actor, event.job_seq), (stranger.pubkey(), 4));
    let again = world.close_job(stranger, requester, job);
    assert_eq!(world.refused(&again), anchor(MISSING));
}

fn pays_any_account_if_the_requester_signs() {
    let mut scene = due();
    let own = scene.world.payment_purse(&scene.requester.pubkey());
    let gift = scene.world.payment_purse(&scene.stranger.pubkey());
    let step = scene.world.close_job(&scene.requester, &scene.requester, &scene.job).swap(&own, &gift);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&gift), Some(PURSE + FUNDED));
}

/// No pause stops it.
fn gifts_and_dust_go_along() {
    let mut scene = due();
    pause(&mut scene.world);
    scene.world.donate(Vault::Job(scene.job.to_bytes()), 3);
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    let receipt = scene.world.run(&step);
    let [Event::JobClosed(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.refunded, event.foreign), (FUNDED, 3));
    assert_eq!(scene.world.balance(&scene.world.payment_purse(&scene.requester.pubkey())), Some(PURSE + 3));
}

fn an_empty_job_closes_too() {
    let mut scene = Scene::network();
    let Scene { world, requester, signer, job, .. } = &mut scene;
    world.run(&world.create_job(requester, &terms(requester, signer, None, world.now())));
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    world.run(&world.close_job(requester, requester, job));
}

fn anyone_closes_past_deadline_and_grace() {
    let mut scene = Scene::job();
    scene.world.advance(500 + params().grace_secs - 1);
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotDue));
    scene.world.advance(1);
    scene.world.run(&step);
}

/// The network's parameters change; a job that exists keeps its times.
fn govern(scene: &mut Scene, params: &Params) {
    let admin = scene.world.admin.clone();
    let step = scene.world.update_params(&admin, params);
    scene.world.run(&step);
}

fn is_due_when_it_was_told_at_its_creation() {
    let mut scene = Scene::job();
    govern(&mut scene, &Params { grace_secs: 2 * params().grace_secs, ..params() });
    scene.world.advance(500 + params().grace_secs - 1);
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotDue));
    scene.world.advance(1);
    scene.world.run(&step);
}

fn is_young_as_long_as_it_was_told_at_its_creation() {
    let mut scene = Scene::job();
    govern(&mut scene, &Params { job_id_window_secs: 1, ..params() });
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    scene.world.advance(2 * params().job_id_window_secs - 1);
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    assert_eq!(scene.world.refused(&step), mira(Error::JobTooYoung));
    scene.world.advance(1);
    scene.world.run(&step);
}

fn refuses_while_young() {
    let mut scene = Scene::job();
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs - 1);
    let step = world.close_job(requester, requester, job);
    assert_eq!(world.refused(&step), mira(Error::JobTooYoung));
}

fn refuses_while_open() {
    let mut scene = Scene::job();
    scene.world.advance(2 * params().job_id_window_secs);
    let step = scene.world.close_job(&scene.requester, &scene.requester, &scene.job);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotDue));
}

fn refuses_with_leases() {
    let mut scene = Scene::lease();
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2_000);
    let step = world.close_job(requester, requester, job);
    assert_eq!(world.refused(&step), mira(Error::JobHasLeases));
}

fn refuses_a_stranger_who_pays_himself() {
    let mut scene = due();
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    let own = scene.world.payment_purse(&scene.requester.pubkey());
    let strangers = scene.world.payment_purse(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &strangers)), mira(Error::WrongAccount));
    let stolen = step.swap(&scene.requester.pubkey(), &scene.stranger.pubkey()).swap(&own, &strangers);
    assert_eq!(scene.world.tampered(&stolen), mira(Error::WrongAccount));
}

fn refuses_another_mint() {
    let mut scene = due();
    let step = scene.world.close_job(&scene.requester, &scene.requester, &scene.job);
    let own = scene.world.payment_purse(&scene.requester.pubkey());
    let stake = scene.world.stake_purse(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&own, &stake)), mira(Error::WrongMint));
}

fn refuses_another_jobs_vault() {
    let mut scene = due();
    let Scene { world, stranger, signer, requester, job, .. } = &mut scene;
    let mut rich = terms(stranger, signer, None, world.now());
    rich.job_id = job_id(world.now(), 2).unwrap();
    world.run(&world.create_job(stranger, &rich));
    let rich = pda::job(&stranger.pubkey(), rich.job_id);
    world.run(&world.fund_job(stranger, &rich, 900_000));
    let step = world.close_job(requester, requester, job);
    let swapped = step.swap(&pda::escrow(job), &pda::escrow(&rich));
    assert_eq!(world.tampered(&swapped), anchor(WRONG_ADDRESS));
}

fn refuses_without_a_signature() {
    let mut scene = due();
    let step = scene.world.close_job(&scene.stranger, &scene.requester, &scene.job);
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.stranger.pubkey())), anchor(UNSIGNED));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, requester, job, .. } = due();
    let step = world.close_job(&stranger, &requester, &job);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("actor", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
            ("vault", WRONG_ADDRESS.into()),
            ("requester", Error::WrongAccount.into()),
            ("destination", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
