//! `fund_job`: by anyone, while the job is open, into that job's vault.

use crate::program::support::{
    Copy, INSUFFICIENT_FUNDS, MISSING, NOT_THE_OWNER, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, WRONG_TYPE, anchor,
    copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::job::job_id;
use mira_testkit::Scene;
use mira_testkit::scene::FUNDED;
use mira_testkit::step::terms;
use mira_testkit::world::PURSE;

pub fn trials() -> Vec<Trial> {
    trials![
        anyone_may_fund,
        refuses_while_paused,
        refuses_nothing,
        refuses_a_closing_job,
        refuses_more_than_there_is,
        refuses_anothers_tokens,
        refuses_without_a_signature,
        refuses_another_mint,
        refuses_another_jobs_vault,
        refuses_a_job_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn anyone_may_fund() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 40);
    let receipt = scene.world.run(&step);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED + 40));
    assert_eq!(scene.world.balance(&scene.world.payment_purse(&scene.stranger.pubkey())), Some(PURSE - 40));
    let [Event::JobFunded(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.funder, event.amount), (scene.stranger.pubkey(), 40));
    assert_eq!((event.funded_before, event.funded_after), (FUNDED, FUNDED + 40));
}

fn refuses_while_paused() {
    let mut scene = Scene::job();
    pause(&mut scene.world);
    for funder in [&scene.requester, &scene.stranger] {
        let step = scene.world.fund_job(funder, &scene.job, 40);
        assert_eq!(scene.world.refused(&step), mira(Error::Paused));
    }
}

fn refuses_nothing() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.requester, &scene.job, 0);
    assert_eq!(scene.world.refused(&step), mira(Error::AmountZero));
}

fn refuses_a_closing_job() {
    let mut scene = Scene::job();
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    let step = scene.world.fund_job(&scene.requester, &scene.job, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::JobNotOpen));
}

fn refuses_more_than_there_is() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, PURSE + 1);
    assert_eq!(scene.world.tampered(&step), INSUFFICIENT_FUNDS);
    let step = scene.world.fund_job(&scene.stranger, &scene.job, u64::MAX);
    assert_eq!(scene.world.refused(&step), mira(Error::MathOverflow));
}

fn refuses_anothers_tokens() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 5);
    let from = scene.world.payment_purse(&scene.stranger.pubkey());
    let anothers = scene.world.payment_purse(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&from, &anothers)), NOT_THE_OWNER);
}

fn refuses_without_a_signature() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 5).unsigned(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_another_mint() {
    let mut scene = Scene::job();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 5);
    let from = scene.world.payment_purse(&scene.stranger.pubkey());
    let stake = scene.world.stake_purse(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.swap(&from, &stake)), mira(Error::WrongMint));
}

fn refuses_another_jobs_vault() {
    let mut scene = Scene::job();
    let mut other = terms(&scene.requester, &scene.signer, None, scene.world.now());
    other.job_id = job_id(scene.world.now(), 2).unwrap();
    let create = scene.world.create_job(&scene.requester, &other);
    scene.world.run(&create);
    let other = pda::job(&scene.requester.pubkey(), other.job_id);
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 5);
    let swapped = step.swap(&pda::escrow(&scene.job), &pda::escrow(&other));
    assert_eq!(scene.world.tampered(&swapped), anchor(WRONG_ADDRESS));
}

fn refuses_a_job_that_is_not_there() {
    let mut scene = Scene::provider();
    let step = scene.world.fund_job(&scene.stranger, &scene.job, 5);
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
    let step = step.swap(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step), anchor(WRONG_TYPE));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, job, .. } = Scene::job();
    let step = world.fund_job(&stranger, &job, 5);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("funder", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
            ("vault", WRONG_ADDRESS.into()),
            ("from", Copy::Elsewhere("any account that the funder may spend from")),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
