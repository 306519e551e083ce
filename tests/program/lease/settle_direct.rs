//! `settle_direct`: the requester's signature in the place of a voucher; both share one running total.

use crate::program::support::{
    Copy, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_core::Error;
use mira_core::job::job_id;
use mira_testkit::scene::{CAP, FUNDED};
use mira_testkit::step::terms;
use mira_testkit::world::PURSE;
use mira_testkit::{Scene, Step};

pub fn trials() -> Vec<Trial> {
    trials![
        pays_the_provider_and_the_fee,
        pays_past_a_smaller_voucher,
        a_larger_voucher_pays_past_it,
        taking_turns_costs_nothing,
        shares_a_transaction_with_a_voucher,
        pays_only_the_cap,
        works_until_release,
        refuses_a_total_twice,
        refuses_a_released_lease,
        refuses_everyone_else,
        refuses_another_jobs_vault,
        refuses_another_fee_shard,
        refuses_another_payout,
        refuses_a_lease_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn direct(scene: &Scene, amount: u64, units: u64) -> Step {
    scene.world.settle_direct(&scene.requester, &scene.lease, amount, units)
}

fn voucher(scene: &Scene, amount: u64, units: u64) -> Step {
    scene.world.settle(&scene.operator, &scene.signer, &scene.lease, amount, units)
}

fn payout(scene: &Scene) -> u64 {
    scene.world.balance(&scene.world.payment_purse(&scene.owner.pubkey())).unwrap() - PURSE
}

fn pays_the_provider_and_the_fee() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 1_001, 7);
    let receipt = scene.world.run(&step);
    let shard = pda::fee_shard_of(&scene.lease);
    // 1 % of 1,001, rounded up.
    assert_eq!(scene.world.balance(&pda::fee_vault(shard)), Some(11));
    assert_eq!(payout(&scene), 990);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - 1_001));
    let [Event::LeaseSettled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.gross, event.fee, event.settled_before, event.settled_after), (1_001, 11, 0, 1_001));
    assert_eq!((event.units_before, event.units_after), (0, 7));
    assert_eq!((event.job, event.job_paid_before, event.job_paid_after), (scene.job, 0, 1_001));
    assert_eq!((event.job_committed_before, event.job_committed_after), (CAP, CAP - 1_001));
    assert_eq!((event.fee_shard, event.fee_collected_before), (pda::fee_shard(shard), 0));
    assert_eq!((event.fee_collected_after, event.fee_shard_seq), (11, 2));
    assert_eq!((event.lease, event.lease_seq, event.job_seq), (scene.lease, 2, 4));
    assert_eq!(event.submitter, scene.requester.pubkey());
    assert_eq!(event.payout, scene.world.payment_purse(&scene.owner.pubkey()));
}

fn pays_past_a_smaller_voucher() {
    let mut scene = Scene::lease();
    let step = voucher(&scene, 400, 9);
    scene.world.run(&step);
    let step = direct(&scene, 1_000, 5);
    let receipt = scene.world.run(&step);
    let [Event::LeaseSettled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.settled_before, event.gross, event.settled_after), (400, 600, 1_000));
    assert_eq!((event.units_before, event.units_after), (9, 9));
    for amount in [401, 1_000] {
        let late = voucher(&scene, amount, 20);
        assert_eq!(scene.world.refused(&late), mira(Error::NothingToSettle));
    }
}

fn a_larger_voucher_pays_past_it() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 400, 5);
    scene.world.run(&step);
    let step = voucher(&scene, 1_000, 9);
    let receipt = scene.world.run(&step);
    let [Event::LeaseSettled(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.settled_before, event.gross, event.settled_after), (400, 600, 1_000));
    assert_eq!((event.units_before, event.units_after), (5, 9));
    for amount in [401, 1_000] {
        let late = direct(&scene, amount, 20);
        assert_eq!(scene.world.refused(&late), mira(Error::NothingToSettle));
    }
}

fn taking_turns_costs_nothing() {
    let mut scene = Scene::lease();
    for amount in 1..=25 {
        let step = if amount % 2 == 0 { direct(&scene, amount, 1) } else { voucher(&scene, amount, 1) };
        scene.world.run(&step);
    }
    // One base unit of fee on 25, as if they had been paid at once, not one on each.
    assert_eq!(payout(&scene), 24);
}

fn shares_a_transaction_with_a_voucher() {
    let mut scene = Scene::lease();
    let steps = [direct(&scene, 100, 1), voucher(&scene, 300, 2), direct(&scene, 700, 3)];
    let receipt = scene.world.run_all(&steps);
    let gross = |event: &Event| match event {
        Event::LeaseSettled(event) => event.gross,
        other => panic!("{other:?}"),
    };
    assert_eq!(receipt.events.iter().map(gross).collect::<Vec<_>>(), [100, 200, 400]);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - 700));
}

fn pays_only_the_cap() {
    let mut scene = Scene::lease();
    let step = direct(&scene, u64::MAX, u64::MAX);
    scene.world.run(&step);
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(FUNDED - CAP));
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
}

/// Whatever the clock says, whatever becomes of the job, and while the network is paused.
fn works_until_release() {
    let mut scene = Scene::lease();
    pause(&mut scene.world);
    let close = scene.world.begin_close_job(&scene.requester, &scene.job);
    scene.world.run(&close);
    let step = direct(&scene, 100, 1);
    scene.world.run(&step);
    scene.world.advance(5_000);
    let step = direct(&scene, 200, 1);
    scene.world.run(&step);
    let release = scene.world.release_lease(&scene.stranger, &scene.lease);
    scene.world.run(&release);
    let step = direct(&scene, 300, 1);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseAlreadyReleased));
}

fn refuses_a_total_twice() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 100, 1);
    scene.world.run(&step);
    assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
    for amount in [99, 0] {
        let step = direct(&scene, amount, 9);
        assert_eq!(scene.world.refused(&step), mira(Error::NothingToSettle));
    }
}

fn refuses_a_released_lease() {
    let mut scene = Scene::lease();
    let Scene { world, requester, operator, lease, .. } = &mut scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(operator, lease));
    let step = world.settle_direct(requester, lease, 100, 1);
    assert_eq!(world.refused(&step), mira(Error::LeaseAlreadyReleased));
}

/// Even the voucher signer: its key may pay by voucher only, and the provider asks for no other proof.
fn refuses_everyone_else() {
    let mut scene = Scene::lease();
    let others = [&scene.signer, &scene.dispatcher, &scene.operator, &scene.owner, &scene.stranger];
    for somebody in others {
        let step = scene.world.settle_direct(somebody, &scene.lease, 100, 1);
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = direct(&scene, 100, 1).unsigned(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_another_jobs_vault() {
    let mut scene = Scene::lease();
    let Scene { world, stranger, signer, requester, lease, job, .. } = &mut scene;
    let mut rich = terms(stranger, signer, None, world.now());
    rich.job_id = job_id(world.now(), 2).unwrap();
    world.run(&world.create_job(stranger, &rich));
    let rich = pda::job(&stranger.pubkey(), rich.job_id);
    world.run(&world.fund_job(stranger, &rich, 900_000));
    let step = world.settle_direct(requester, lease, 100, 1);
    let swapped = step.swap(&pda::escrow(job), &pda::escrow(&rich));
    assert_eq!(world.tampered(&swapped), anchor(WRONG_ADDRESS));
    let both = swapped.swap(job, &rich);
    assert_eq!(world.tampered(&both), anchor(WRONG_ADDRESS));
}

fn refuses_another_fee_shard() {
    let mut scene = Scene::lease();
    let shard = pda::fee_shard_of(&scene.lease);
    let other = (shard + 1) % pda::FEE_SHARDS;
    let vault = direct(&scene, 100, 1).swap(&pda::fee_vault(shard), &pda::fee_vault(other));
    assert_eq!(scene.world.tampered(&vault), anchor(WRONG_ADDRESS));
    let both = vault.swap(&pda::fee_shard(shard), &pda::fee_shard(other));
    assert_eq!(scene.world.tampered(&both), anchor(WRONG_ADDRESS));
}

fn refuses_another_payout() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 100, 1);
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    let requesters = scene.world.payment_purse(&scene.requester.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &requesters)), mira(Error::WrongAccount));
    let (_, second, _) = scene.second_lease(1_000);
    assert_eq!(scene.world.tampered(&step.swap(&scene.provider, &second)), anchor(WRONG_ADDRESS));
}

fn refuses_a_lease_that_is_not_there() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 100, 1);
    let next = scene.world.next_lease(&scene.job, &scene.provider);
    assert_eq!(scene.world.tampered(&step.swap(&scene.lease, &next)), anchor(MISSING));
    let lease: state::Lease = scene.world.state(&scene.lease).unwrap();
    assert_eq!((lease.settled, lease.seq), (0, 1));
}

fn refuses_other_accounts() {
    let mut scene = Scene::lease();
    let step = direct(&scene, 100, 1);
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("requester", Copy::Elsewhere("the tests of signers")),
            ("job", WRONG_ADDRESS.into()),
            ("vault", WRONG_ADDRESS.into()),
            ("lease", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("payout", Error::WrongAccount.into()),
            ("fee_shard", WRONG_ADDRESS.into()),
            ("fee_vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
