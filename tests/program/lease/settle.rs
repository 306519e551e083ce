//! `settle`: pays a voucher's difference, never past the cap, never twice, until release. What a
//! forged or moved voucher meets is in `voucher`.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::amount::Bps;
use mira_core::job::job_id;
use mira_core::params::Params;
use mira_testkit::Scene;
use mira_testkit::scene::{CAP, FUNDED};
use mira_testkit::step::terms;
use mira_testkit::world::{PURSE, params};

pub fn trials() -> Vec<Trial> {
    trials![
        pays_the_provider_and_the_fee,
        pays_only_the_difference,
        pays_only_the_cap,
        keeps_the_fee_it_was_opened_with,
        splitting_costs_nothing,
        units_only_grow,
        two_in_one_transaction,
        works_after_expiry_until_release,
        works_while_the_job_closes,
        refuses_a_voucher_twice,
        refuses_a_released_lease,
        refuses_without_a_signature,
        refuses_another_jobs_vault,
        refuses_another_fee_shard,
        refuses_another_payout,
        refuses_a_lease_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn payout(scene: &Scene) -> u64 {
    scene.world.balance(&scene.world.payment_purse(&scene.owner.pubkey())).unwrap() - PURSE
}

fn pays_the_provider_and_the_fee() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 1_001, 7);
    let receipt = scene.world.run(&step);
    let shard = pda::fee_shard_of(&scene.lease);
    // 1 % of 1,001, rounded up.
    assert_eq!(scene.world.balance(&pda::fee_vault(shard)), Some(11));
    assert_eq!(payout(&scene), 990);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - 1_001));
    let [Event::LeaseSettled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.gross, event.fee, event.settled_before, event.settled_after), (1_001, 11, 0, 1_001));
    assert_eq!((event.units_before, event.units_after), (0, 7));
    assert_eq!((event.job_paid_after, event.job_committed_after), (1_001, CAP - 1_001));
    assert_eq!((event.fee_shard, event.fee_collected_after), (pda::fee_shard(shard), 11));
    assert_eq!((event.submitter, event.lease_seq), (scene.stranger.pubkey(), 2));
    assert_eq!(event.payout, scene.world.payment_purse(&scene.owner.pubkey()));
}

fn pays_only_the_difference() {
    let mut scene = Scene::lease();
    for amount in [100, 101, 5_000] {
        let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, amount, amount);
        scene.world.run(&step);
    }
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - 5_000));
}

fn pays_only_the_cap() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, u64::MAX, u64::MAX);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - CAP));
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, CAP + 1, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
}

fn keeps_the_fee_it_was_opened_with() {
    let mut scene = Scene::lease();
    let admin = scene.world.admin.clone();
    let step = scene.world.update_params(&admin, &Params { fee_bps: Bps::new(200).unwrap(), ..params() });
    scene.world.run(&step);
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 1_000, 1);
    scene.world.run(&step);
    assert_eq!(payout(&scene), 990);
}

fn splitting_costs_nothing() {
    let mut scene = Scene::lease();
    for amount in 1..=25 {
        let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, amount, amount);
        scene.world.run(&step);
    }
    // One base unit of fee on 25, as if they had been paid at once, not one on each.
    assert_eq!(payout(&scene), 24);
}

fn units_only_grow() {
    let mut scene = Scene::lease();
    for (amount, units, kept) in [(10, 50, 50), (20, 3, 50), (30, 60, 60)] {
        let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, amount, units);
        scene.world.run(&step);
        assert_eq!(scene.world.state::<state::Lease>(&scene.lease).unwrap().units, kept);
    }
}

fn two_in_one_transaction() {
    let mut scene = Scene::lease();
    let (_, _, second) = scene.second_lease(5_000);
    let Scene { world, stranger, signer, lease, job, .. } = &mut scene;
    let steps = [world.settle(stranger, signer, lease, 700, 1), world.settle(stranger, signer, &second, 300, 1)];
    world.run_all(&steps);
    assert_eq!(world.balance(&pda::escrow(job)), Some(FUNDED - 1_000));
}

fn works_after_expiry_until_release() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, lease, .. } = &mut scene;
    world.advance(1_000);
    world.run(&world.settle(stranger, signer, lease, 5, 1));
    world.run(&world.release_lease(stranger, lease));
    let late = world.settle(stranger, signer, lease, 6, 1);
    assert_eq!(world.refused(&late), mira(Error::LeaseAlreadyReleased));
}

/// A pause does not stop it either.
fn works_while_the_job_closes() {
    let mut scene = Scene::lease();
    pause(&mut scene.world);
    let Scene { world, stranger, signer, requester, lease, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.run(&world.settle(stranger, signer, lease, 5, 1));
}

fn refuses_a_voucher_twice() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 100, 1);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
    let older = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 99, 9);
    assert_eq!(scene.world.refused(&older), mira(Error::NothingToSettle));
    let nothing = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 0, 9);
    assert_eq!(scene.world.refused(&nothing), mira(Error::NothingToSettle));
}

fn refuses_a_released_lease() {
    let mut scene = Scene::lease();
    let Scene { world, operator, signer, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(operator, lease));
    let step = world.settle(operator, signer, lease, 100, 1);
    assert_eq!(world.refused(&step), mira(Error::LeaseAlreadyReleased));
}

fn refuses_without_a_signature() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 100, 1);
    assert_eq!(scene.world.tampered(&step.unsigned(&scene.operator.pubkey())), anchor(UNSIGNED));
}

fn refuses_another_jobs_vault() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, operator, lease, job, .. } = &mut scene;
    let mut rich = terms(stranger, signer, None, world.now());
    rich.job_id = job_id(world.now(), 2).unwrap();
    world.run(&world.create_job(stranger, &rich));
    let rich = pda::job(&stranger.pubkey(), rich.job_id);
    world.run(&world.fund_job(stranger, &rich, 900_000));
    let step = world.settle(operator, signer, lease, 100, 1);
    let swapped = step.clone().swap(&pda::escrow(job), &pda::escrow(&rich));
    assert_eq!(world.tampered(&swapped), anchor(WRONG_ADDRESS));
    let both = swapped.swap(job, &rich);
    assert_eq!(world.tampered(&both), anchor(WRONG_ADDRESS));
}

fn refuses_another_fee_shard() {
    let mut scene = Scene::lease();
    let shard = pda::fee_shard_of(&scene.lease);
    let other = (shard + 1) % pda::FEE_SHARDS;
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 100, 1);
    let vault = step.clone().swap(&pda::fee_vault(shard), &pda::fee_vault(other));
    assert_eq!(scene.world.tampered(&vault), anchor(WRONG_ADDRESS));
    let both = vault.swap(&pda::fee_shard(shard), &pda::fee_shard(other));
    assert_eq!(scene.world.tampered(&both), anchor(WRONG_ADDRESS));
}

fn refuses_another_payout() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.stranger, &scene.signer, &scene.lease, 100, 1);
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    let strangers = scene.world.payment_purse(&scene.stranger.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &strangers)), mira(Error::WrongAccount));
    let (_, second, _) = scene.second_lease(1_000);
    assert_eq!(scene.world.tampered(&step.swap(&scene.provider, &second)), anchor(WRONG_ADDRESS));
}

fn refuses_a_lease_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = scene.world.settle(&scene.operator, &scene.signer, &scene.lease, 100, 1);
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&scene.lease, &next)), anchor(MISSING));
}

fn refuses_other_accounts() {
    let Scene { mut world, stranger, signer, lease, .. } = Scene::lease();
    let step = world.settle(&stranger, &signer, &lease, 100, 1);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("submitter", Copy::Elsewhere("anyone who signs")),
            ("config", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
            ("vault", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("payout", Error::WrongAccount.into()),
            ("fee_shard", WRONG_ADDRESS.into()),
            ("fee_vault", WRONG_ADDRESS.into()),
            ("instructions", Error::WrongAccount.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
